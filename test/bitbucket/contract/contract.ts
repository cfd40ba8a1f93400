import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { toPathPattern } from "../rest/paths";
import { removedPaths } from "../rest/restDoor";
import {
  parseDescription,
  type DescribedOperation,
  type DescribedPath,
  type Description,
} from "./description";

export interface Exchange {
  readonly method: string;
  /** Below the API's base. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly requestBody: unknown;
}

export interface ExchangeAnswer {
  readonly status: number;
  readonly body: string;
}

/** Every operation that lists takes these; Bitbucket documents them apart. https://developer.atlassian.com/cloud/bitbucket/rest/intro/ */
const commonParameters = ["q", "sort", "fields", "pagelen", "page"];

/** Statuses that any operation may answer with, in the general error's shape. */
const commonStatuses = [400, 401, 403, 404, 410, 429, 500, 502, 503];

const errorSchema = { $ref: "#/components/schemas/error" };

const contracts = new Map<string, Contract>();

/** The contract of a description: making one takes half a second, so that servers share it. */
export function contractOf(text: string): Contract {
  const contract = contracts.get(text) ?? new Contract(text);
  contracts.set(text, contract);
  return contract;
}

/** Compares what is asked and answered with Bitbucket's own API description. */
export class Contract {
  private readonly ajv = addFormats(new Ajv({ strict: false, allErrors: true }));
  private readonly validators = new Map<unknown, ValidateFunction>();
  private readonly paths: readonly { pattern: ReturnType<typeof toPathPattern>; item: DescribedPath }[];

  constructor(text: string) {
    const description: Description = parseDescription(text);
    this.ajv.addSchema({ $id: "bitbucket", components: description.components });
    this.paths = Object.entries(description.paths)
      .map(([template, item]) => ({ pattern: toPathPattern(template), item }))
      .sort((one, other) => countParameters(one.pattern.template) - countParameters(other.pattern.template));
  }

  /** What a client did that the API doesn't describe. */
  checkRequest(exchange: Exchange): string[] {
    const name = `${exchange.method} ${exchange.path}`;
    if (removedPaths.includes(exchange.path)) return [`${name}: this operation was removed (CHANGE-2770)`];
    const found = this.find(exchange);
    if (!found) return [`${name}: no such operation`];
    const schema = found.operation.requestBody?.content?.["application/json"]?.schema;
    return [
      ...checkQuery(exchange.query, found).map((problem) => `${name}: ${problem}`),
      ...this.checkValue(schema, exchange.requestBody, isWantedOfRequest).map(
        (problem) => `${name}: request ${problem}`,
      ),
    ];
  }

  /** What an answer of ours has that the API doesn't describe. */
  checkAnswer(exchange: Exchange, answer: ExchangeAnswer): string[] {
    const found = this.find(exchange);
    const described = found?.operation.responses[String(answer.status)];
    const name = `${exchange.method} ${exchange.path} → ${answer.status}`;
    if (!described && !commonStatuses.includes(answer.status)) return [`${name}: no such status`];
    const schema = described?.content?.["application/json"]?.schema ?? errorSchema;
    return this.checkValue(schema, JSON.parse(answer.body), () => true).map(
      (problem) => `${name}: ${problem}`,
    );
  }

  private find({ method, path }: Exchange): FoundOperation | undefined {
    for (const { pattern, item } of this.paths) {
      const operation = pattern.match(path) && operationOf(item, method);
      if (operation) return { item, operation };
    }
    return undefined;
  }

  private checkValue(schema: unknown, value: unknown, counts: (error: ErrorObject) => boolean): string[] {
    if (schema === undefined || value === undefined) return [];
    const validate = this.validator(schema);
    if (validate(value)) return [];
    const errors = (validate.errors ?? []).filter(counts);
    return errors.map((error) => `${error.instancePath || "/"} ${error.message ?? error.keyword}`);
  }

  private validator(schema: unknown): ValidateFunction {
    const known = this.validators.get(schema);
    if (known) return known;
    const text = JSON.stringify(schema).replaceAll('"#/components/', '"bitbucket#/components/');
    const validate = this.ajv.compile(JSON.parse(text) as object);
    this.validators.set(schema, validate);
    return validate;
  }
}

/** Requests use the schemas of answers, whose `type` nobody has to send. */
function isWantedOfRequest(error: ErrorObject): boolean {
  return !(error.keyword === "required" && error.params["missingProperty"] === "type");
}

interface FoundOperation {
  readonly item: DescribedPath;
  readonly operation: DescribedOperation;
}

function operationOf(item: DescribedPath, method: string): DescribedOperation | undefined {
  switch (method) {
    case "GET":
      return item.get;
    case "POST":
      return item.post;
    case "PUT":
      return item.put;
    case "DELETE":
      return item.delete;
    default:
      return undefined;
  }
}

function checkQuery(query: URLSearchParams, { item, operation }: FoundOperation): string[] {
  const parameters = [...item.parameters, ...operation.parameters].filter(
    (parameter) => parameter.in === "query",
  );
  return [...query].flatMap(([name, value]) => {
    if (commonParameters.includes(name)) return [];
    const parameter = parameters.find((one) => one.name === name);
    if (!parameter) return [`no such query parameter: ${name}`];
    const allowed = parameter.schema?.enum;
    return allowed && !allowed.includes(value) ? [`${name} can't be ${value}`] : [];
  });
}

function countParameters(template: string): number {
  return template.split("{").length;
}

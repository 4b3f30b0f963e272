import type { StackTemplate } from './cloudformation.ts';
import { LOCAL_ACCOUNT, TemplateError } from './cloudformation.ts';
import { attributeOf } from './resource-names.ts';

/** `Ref` to this removes the property that holds it. */
const NO_VALUE = 'AWS::NoValue';

/**
 * Resolves the intrinsic functions of one stack's template: `Ref`, `Fn::GetAtt`, `Fn::Join`, `Fn::Sub`,
 * `Fn::Select`, `Fn::Split`, `Fn::ImportValue` and the pseudo parameters.
 */
export class Resolver {
  readonly stack: StackTemplate;
  readonly #siblings: readonly StackTemplate[];

  /** @param siblings every stack of the same region, for `Fn::ImportValue`. @default none */
  constructor(stack: StackTemplate, siblings: readonly StackTemplate[] = []) {
    this.stack = stack;
    this.#siblings = siblings;
  }

  /**
   * A copy of the value without intrinsic functions.
   *
   * @param path where the value stands, for the error message.
   * @throws TemplateError for whatever cannot be resolved: nothing is passed over in silence.
   */
  resolve(value: unknown, path: string): unknown {
    if (Array.isArray(value)) {
      const elements = value.map((element, index) => this.resolve(element, `${path}.${index}`));
      return elements.filter((element) => element !== undefined);
    }
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [first] = entries;
    if (entries.length === 1 && first !== undefined && (first[0] === 'Ref' || first[0].startsWith('Fn::'))) {
      return this.#intrinsic(first[0], first[1], `${path}.${first[0]}`);
    }
    const resolved = entries.map(([key, inner]) => [key, this.resolve(inner, `${path}.${key}`)] as const);
    return Object.fromEntries(resolved.filter(([, inner]) => inner !== undefined));
  }

  /** One property of a resource, resolved; `undefined` when the template leaves it out. */
  property(logicalId: string, name: string): unknown {
    const value = this.stack.template.Resources[logicalId]?.Properties?.[name];
    return this.resolve(value, this.pathOf(logicalId, name));
  }

  /** Some properties of a resource, resolved. The others may hold what has no meaning locally. */
  properties<Name extends string>(logicalId: string, names: readonly Name[]): Partial<Record<Name, unknown>> {
    const found = names.map((name) => [name, this.property(logicalId, name)] as const);
    return Object.fromEntries(found.filter(([, value]) => value !== undefined)) as Partial<
      Record<Name, unknown>
    >;
  }

  pathOf(logicalId: string, property: string): string {
    return `${this.stack.stackName}/${logicalId}.${property}`;
  }

  #intrinsic(name: string, argument: unknown, path: string): unknown {
    switch (name) {
      case 'Ref':
        return this.#ref(String(argument), path);
      case 'Fn::GetAtt':
        return this.#getAtt(argument, path);
      case 'Fn::Join':
        return this.#join(argument, path);
      case 'Fn::Sub':
        return this.#sub(argument, path);
      case 'Fn::Select':
        return this.#select(argument, path);
      case 'Fn::Split':
        return this.#split(argument, path);
      case 'Fn::ImportValue':
        return this.#importValue(this.#text(argument, path), path);
      default:
        throw new TemplateError(path, 'the embedded stack does not know this intrinsic function.');
    }
  }

  #ref(name: string, path: string): unknown {
    if (name === NO_VALUE) return undefined;
    const pseudo = this.#pseudoParameter(name);
    if (pseudo !== undefined) return pseudo;
    const parameter = this.stack.template.Parameters?.[name];
    if (parameter !== undefined) {
      if (parameter.Default !== undefined) return parameter.Default;
      throw new TemplateError(path, `parameter ${name} has no default.`);
    }
    return this.#attribute(name, 'Ref', path);
  }

  #pseudoParameter(name: string): string | undefined {
    switch (name) {
      case 'AWS::Region':
        return this.stack.region;
      case 'AWS::AccountId':
        return LOCAL_ACCOUNT;
      case 'AWS::Partition':
        return 'aws';
      case 'AWS::URLSuffix':
        return 'amazonaws.com';
      case 'AWS::StackName':
        return this.stack.stackName;
      default:
        return undefined;
    }
  }

  #attribute(logicalId: string, attribute: string, path: string): unknown {
    const { stackName, region, queueEndpoint, template } = this.stack;
    const resource = template.Resources[logicalId];
    if (resource === undefined) throw new TemplateError(path, `there is no resource ${logicalId}.`);
    const property = (name: string) => this.property(logicalId, name);
    const named = { stackName, region, queueEndpoint, logicalId, resource, property };
    const answer = attributeOf(named, attribute);
    if (answer === undefined) {
      throw new TemplateError(path, `${attribute} of ${logicalId} (${resource.Type}) is not known locally.`);
    }
    return answer;
  }

  #getAtt(argument: unknown, path: string): unknown {
    const [logicalId, ...attribute] =
      typeof argument === 'string' ? argument.split('.') : this.#list(argument, path);
    return this.#attribute(String(logicalId), attribute.join('.'), path);
  }

  #join(argument: unknown, path: string): string {
    const [separator, parts] = this.#list(argument, path);
    return this.#list(parts, path)
      .map((part) => this.#text(part, path))
      .join(String(separator));
  }

  #sub(argument: unknown, path: string): string {
    const [text, variables] = typeof argument === 'string' ? [argument, {}] : this.#list(argument, path);
    const known = (variables ?? {}) as Record<string, unknown>;
    return String(text).replaceAll(/\$\{(!?)([^}]+)\}/g, (whole, literal: string, name: string) => {
      if (literal !== '') return whole.replace('!', '');
      if (name in known) return this.#text(known[name], path);
      return this.#text(name.includes('.') ? { 'Fn::GetAtt': name } : { Ref: name }, path);
    });
  }

  #select(argument: unknown, path: string): unknown {
    const [index, list] = this.#list(argument, path);
    const chosen = this.#list(this.resolve(list, path), path)[Number(index)];
    if (chosen === undefined) throw new TemplateError(path, `there is no element ${index}.`);
    return this.resolve(chosen, path);
  }

  #split(argument: unknown, path: string): string[] {
    const [separator, text] = this.#list(argument, path);
    return this.#text(text, path).split(String(separator));
  }

  #importValue(name: string, path: string): unknown {
    for (const stack of this.#siblings) {
      const resolver = new Resolver(stack, this.#siblings);
      for (const [id, output] of Object.entries(stack.template.Outputs ?? {})) {
        const outputPath = `${stack.stackName}/Outputs.${id}`;
        if (output.Export === undefined || resolver.resolve(output.Export.Name, outputPath) !== name)
          continue;
        return resolver.resolve(output.Value, outputPath);
      }
    }
    throw new TemplateError(path, `no stack of ${this.stack.region} exports ${name}.`);
  }

  #list(value: unknown, path: string): unknown[] {
    if (Array.isArray(value)) return value;
    throw new TemplateError(path, 'a list is expected here.');
  }

  #text(value: unknown, path: string): string {
    const resolved = this.resolve(value, path);
    if (typeof resolved === 'string' || typeof resolved === 'number' || typeof resolved === 'boolean') {
      return String(resolved);
    }
    throw new TemplateError(path, 'a string is expected here.');
  }
}

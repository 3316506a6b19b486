import { listOf, objectOf, textOf } from './json.ts';
import type { AttributeValue, BiosAttribute, Json, TemplateAttribute } from './types.ts';
import { elementsOf, escapeXml, parseXml } from './xml.ts';

/** The only component that the simulator reads and deploys. */
const BIOS = 'BIOS.Setup.1-1';

/** The attributes of a template made from the BIOS of a device. */
export function fromBios(
  attributes: readonly BiosAttribute[],
  templateId: number,
): readonly TemplateAttribute[] {
  return numbered(
    attributes.map((attribute) => ({ ...attribute, component: BIOS, ignored: attribute.readOnly })),
    templateId,
  );
}

/** The attributes of a server configuration profile, XML as an iDRAC exports it; undefined when the text is none. */
export function fromProfileXml(text: string, templateId: number): readonly TemplateAttribute[] | undefined {
  const root = parseXml(text.trim());
  if (root?.name !== 'SystemConfiguration') return undefined;
  const found = elementsOf(root, 'Component').flatMap((component) =>
    component.children
      .filter((child) => child.name === 'Attribute')
      .map(({ attributes, text: value }) => {
        const name = attributes['Name'] ?? '';
        const fqdd = component.attributes['FQDD'] ?? '';
        return { component: fqdd, name, label: name, value: value.trim(), readOnly: false, ignored: false };
      }),
  );
  return numbered(found, templateId);
}

/** The same as a server configuration profile. */
export function toProfileXml(attributes: readonly TemplateAttribute[], model: string): string {
  const components = [...new Set(attributes.map(({ component }) => component))].map((component) => {
    const lines = attributes
      .filter((attribute) => attribute.component === component && !attribute.ignored)
      .map(
        ({ name, value }) => `<Attribute Name="${escapeXml(name)}">${escapeXml(String(value))}</Attribute>`,
      );
    return [`<Component FQDD="${escapeXml(component)}">`, ...lines, '</Component>'].join('\n');
  });
  return [`<SystemConfiguration Model="${escapeXml(model)}">`, ...components, '</SystemConfiguration>'].join(
    '\n',
  );
}

/** Attributes of another template, with ids of their own. */
export function numbered(
  attributes: readonly Omit<TemplateAttribute, 'id'>[],
  templateId: number,
): readonly TemplateAttribute[] {
  return attributes.map((attribute, index) => ({ ...attribute, id: templateId * 1000 + index }));
}

/** Attributes with the changes of a request, `[{Id, Value, IsIgnored}]`; ids that are not there are passed over, as OME does. */
export function changed(
  attributes: readonly TemplateAttribute[],
  changes: unknown,
): readonly TemplateAttribute[] {
  const byId = new Map(listOf(changes).map((change) => [Number(objectOf(change)['Id']), objectOf(change)]));
  return attributes.map((attribute) => {
    const change = byId.get(attribute.id);
    if (change === undefined) return attribute;
    const value = change['Value'] === undefined ? attribute.value : textOf(change['Value']);
    return { ...attribute, value, ignored: change['IsIgnored'] === true };
  });
}

/** What would have to be set on a device so that it is as the attributes say; values take the type that the device has. */
export function differences(
  wanted: readonly TemplateAttribute[],
  bios: readonly BiosAttribute[],
): readonly {
  readonly name: string;
  readonly wanted: AttributeValue;
  readonly seen: AttributeValue | undefined;
}[] {
  const byName = new Map(bios.map((attribute) => [attribute.name, attribute]));
  return wanted.flatMap((attribute) => {
    if (attribute.ignored || attribute.readOnly || attribute.component !== BIOS) return [];
    const known = byName.get(attribute.name);
    if (known?.readOnly === true) return [];
    const value = likeIn(known?.value, attribute.value);
    return known?.value === value ? [] : [{ name: attribute.name, wanted: value, seen: known?.value }];
  });
}

function likeIn(known: AttributeValue | undefined, value: AttributeValue): AttributeValue {
  if (typeof known === 'number' && value !== '' && !Number.isNaN(Number(value))) return Number(value);
  if (typeof known === 'boolean') return String(value).toLowerCase() === 'true';
  return String(value);
}

/** AttributeDetails of a template or a profile: one group a component. */
export function attributeDetails(id: number, name: string, attributes: readonly TemplateAttribute[]): Json {
  const components = [...new Set(attributes.map(({ component }) => component))];
  return {
    '@odata.context': '/api/$metadata#TemplateService.AttributeDetails',
    Id: id,
    Name: name,
    AttributeGroups: components.map((component, index) => ({
      GroupNameId: index + 1,
      DisplayName: component.split('.')[0],
      SubAttributeGroups: [
        {
          GroupNameId: 1000 + index,
          DisplayName: `${component.split('.')[0] ?? ''} Settings`,
          SubAttributeGroups: [],
          Attributes: attributes.filter((one) => one.component === component).map(attributeView),
        },
      ],
      Attributes: [],
    })),
  };
}

function attributeView(attribute: TemplateAttribute): Json {
  return {
    AttributeId: attribute.id,
    CustomId: 0,
    AttributeEditInfoId: 0,
    DisplayName: attribute.label,
    Description: attribute.name,
    Value: String(attribute.value),
    IsReadOnly: attribute.readOnly,
    IsIgnored: attribute.ignored,
    IsSecure: false,
    IsLinkedToSecure: false,
    TargetSpecificTypeId: 0,
  };
}

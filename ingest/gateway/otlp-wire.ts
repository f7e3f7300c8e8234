import protobuf from 'protobufjs/light.js';

/**
 * OTLP logs on the wire: opentelemetry-proto v1.9, opentelemetry/proto/{collector/logs,logs,common,resource}/v1, and
 * google/rpc/status.proto. Field numbers and types as there; fields that no answer needs are left out and skipped.
 */
const root = protobuf.Root.fromJSON({
  nested: {
    ExportLogsServiceRequest: message({ resourceLogs: [1, 'ResourceLogs', 'repeated'] }),
    ExportLogsServiceResponse: message({ partialSuccess: [1, 'ExportLogsPartialSuccess'] }),
    ExportLogsPartialSuccess: message({ rejectedLogRecords: [1, 'int64'], errorMessage: [2, 'string'] }),
    ResourceLogs: message({ resource: [1, 'Resource'], scopeLogs: [2, 'ScopeLogs', 'repeated'] }),
    Resource: message({ attributes: [1, 'KeyValue', 'repeated'] }),
    ScopeLogs: message({ scope: [1, 'InstrumentationScope'], logRecords: [2, 'LogRecord', 'repeated'] }),
    InstrumentationScope: message({ name: [1, 'string'], version: [2, 'string'], attributes: [3, 'KeyValue', 'repeated'] }),
    LogRecord: message({
      timeUnixNano: [1, 'fixed64'], severityNumber: [2, 'int32'], severityText: [3, 'string'], body: [5, 'AnyValue'],
      attributes: [6, 'KeyValue', 'repeated'], traceId: [9, 'bytes'], spanId: [10, 'bytes'], observedTimeUnixNano: [11, 'fixed64'], eventName: [12, 'string'],
    }),
    AnyValue: {
      ...message({
        stringValue: [1, 'string'], boolValue: [2, 'bool'], intValue: [3, 'int64'], doubleValue: [4, 'double'],
        arrayValue: [5, 'ArrayValue'], kvlistValue: [6, 'KeyValueList'], bytesValue: [7, 'bytes'],
      }),
      oneofs: { value: { oneof: ['stringValue', 'boolValue', 'intValue', 'doubleValue', 'arrayValue', 'kvlistValue', 'bytesValue'] } },
    },
    ArrayValue: message({ values: [1, 'AnyValue', 'repeated'] }),
    KeyValueList: message({ values: [1, 'KeyValue', 'repeated'] }),
    KeyValue: message({ key: [1, 'string'], value: [2, 'AnyValue'] }),
    Status: message({ code: [1, 'int32'], message: [2, 'string'] }),
  },
});

type FieldRow = readonly [id: number, type: string, rule?: 'repeated'];

function message(fields: Readonly<Record<string, FieldRow>>): { readonly fields: Record<string, protobuf.IField> } {
  return { fields: Object.fromEntries(Object.entries(fields).map(([name, [id, type, rule]]) => [name, rule === undefined ? { id, type } : { id, type, rule }])) };
}

/** The request with the names of OTLP/JSON; 64-bit numbers are text, ids and bytes are Buffers. Throws on broken bytes. */
export function decodeLogsRequest(bytes: Buffer): unknown {
  const type = root.lookupType('ExportLogsServiceRequest');
  return type.toObject(type.decode(bytes), { longs: String, bytes: Buffer, json: false });
}

export type AnswerMessage = 'ExportLogsServiceResponse' | 'Status';

export function encodeAnswer(name: AnswerMessage, value: Readonly<Record<string, unknown>>): Buffer {
  const type = root.lookupType(name);
  return Buffer.from(type.encode(type.fromObject({ ...value })).finish());
}

package io.millrace.protocol.amf;

/**
 * An AMF0 date. Source: AMF0 §2.13.
 *
 * @param epochMs milliseconds since 1970-01-01T00:00Z
 * @param zoneMinutes reserved, 0
 */
public record AmfDate(double epochMs, int zoneMinutes) {}

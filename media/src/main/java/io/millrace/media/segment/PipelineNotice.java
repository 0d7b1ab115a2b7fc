package io.millrace.media.segment;

/**
 * Something that happened to a stream and that the log, the API and a counter show.
 *
 * @param code stable dotted code, e.g. {@code cut.by-encoder}, {@code shed.down}
 * @param text one sentence for a person
 */
public record PipelineNotice(String code, String text) {}

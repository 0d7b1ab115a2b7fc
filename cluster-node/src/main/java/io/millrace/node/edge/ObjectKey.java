package io.millrace.node.edge;

/** Key of an object of a stream. */
record ObjectKey(String streamId, String rendition, String name) {}

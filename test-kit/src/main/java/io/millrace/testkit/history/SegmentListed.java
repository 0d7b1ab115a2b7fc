package io.millrace.testkit.history;

import java.time.Instant;

/**
 * A node's playlist grew.
 *
 * @param node authority of its HTTP port
 * @param lastMsn media sequence number of the newest segment
 * @param newEpoch the newest segment was made by a later owner than any this node had listed
 */
public record SegmentListed(
    String node, String rendition, long lastMsn, boolean newEpoch, Instant at) {}

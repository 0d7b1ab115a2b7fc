package io.millrace.testkit.lowlatency;

import java.time.Instant;

/**
 * A part that a follower has fetched.
 *
 * @param msn of its segment
 * @param index in it, from 0 on
 * @param hinted it was asked for before it was listed
 * @param listedAt when the follower saw it listed
 * @param completeAt when the follower had it
 */
public record FetchedPart(
    String uri,
    long msn,
    int index,
    double seconds,
    boolean independent,
    boolean hinted,
    Instant listedAt,
    Instant completeAt,
    int bytes) {}

/**
 * The data port's protocol: how the node that took a publisher sends media to the stream's owner.
 * Entry types: {@link io.millrace.protocol.relay.RelayReader}, {@link
 * io.millrace.protocol.relay.RelayWriter} and {@link io.millrace.protocol.relay.RelayProofs}. Bytes
 * and values only: no I/O, no clock, no randomness. Imports the JDK.
 *
 * <p>Both directions are frames: {@code length uint32 | type uint8 | body}, big-endian, where the
 * length counts what follows it. A connection begins with Hello, Challenge, Proof and Welcome (or
 * Refused); every later frame names the epoch and the session that it belongs to.
 */
package io.millrace.protocol.relay;

/** A crowd of HLS viewers in one process; started by {@code FlashCrowdBench}. */
package io.millrace.bench.crowd;

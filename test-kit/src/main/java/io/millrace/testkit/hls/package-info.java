/**
 * Judging and recording what a server serves as HLS: a strict playlist parser, a linter with the
 * rules H1 to H20, a recorder that follows a live stream, and tools that decode a recording and
 * compare it with what was published. Allowed imports: {@code io.millrace.media}, {@code
 * io.millrace.protocol}, the JDK, slf4j; the bundled {@code ffmpeg} program.
 */
package io.millrace.testkit.hls;

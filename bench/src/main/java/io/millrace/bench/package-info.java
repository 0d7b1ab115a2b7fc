/**
 * Benchmarks that run Millrace and a program of the field on the same input in one go and print
 * ratios. Linux only: CPU time and memory are read from {@code /proc}.
 */
package io.millrace.bench;

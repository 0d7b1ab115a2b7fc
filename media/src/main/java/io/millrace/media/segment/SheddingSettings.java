package io.millrace.media.segment;

import java.time.Duration;

/**
 * When a stream's transcoding sheds load, judged by media waiting before and inside the worker.
 *
 * @param halveAbove backlog above which every second frame of the top rung is left out
 * @param suspendAbove backlog above which the top active rung is suspended
 * @param dropAbove backlog above which whole GOPs are left out before the decoder
 * @param recoverBelow backlog that counts as healthy
 * @param settle time between two steps down
 * @param recoverAfter time that the backlog must have been healthy before one step up
 * @param minSuspend least time that a rung stays suspended
 */
public record SheddingSettings(
    Duration halveAbove,
    Duration suspendAbove,
    Duration dropAbove,
    Duration recoverBelow,
    Duration settle,
    Duration recoverAfter,
    Duration minSuspend) {

  public SheddingSettings {
    PipelineSettings.require(
        recoverBelow.compareTo(halveAbove) < 0, "recoverBelow", recoverBelow, "below halveAbove");
    PipelineSettings.require(
        halveAbove.compareTo(suspendAbove) <= 0, "halveAbove", halveAbove, "at most suspendAbove");
    PipelineSettings.require(
        suspendAbove.compareTo(dropAbove) <= 0, "suspendAbove", suspendAbove, "at most dropAbove");
    PipelineSettings.require(!settle.isNegative(), "settle", settle, "not negative");
    PipelineSettings.require(
        !recoverAfter.isNegative(), "recoverAfter", recoverAfter, "not negative");
    PipelineSettings.require(!minSuspend.isNegative(), "minSuspend", minSuspend, "not negative");
  }
}

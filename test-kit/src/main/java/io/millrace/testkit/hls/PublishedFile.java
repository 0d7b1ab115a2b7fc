package io.millrace.testkit.hls;

import io.millrace.protocol.flv.FlvException;
import io.millrace.protocol.flv.FlvReader;
import io.millrace.protocol.flv.FlvTag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is in an FLV file (H.264, AAC) of {@link CodedVideoFactory}, tag by tag.
 *
 * @param frameNumbers for each video tag in file order, the number of the frame that it carries; -1
 *     for tags that carry no frame
 * @param idrs for each video tag, whether it is a key frame
 * @param videoPtsMs presentation times, ascending: the time of frame 0, 1, ...
 * @param firstAudioMs time of the first AAC frame, -1 without audio
 */
public record PublishedFile(
    List<Integer> frameNumbers, List<Boolean> idrs, List<Long> videoPtsMs, long firstAudioMs) {

  private static final int FRAME = 1;
  private static final int KEY_FRAME = 1;

  /**
   * @throws IOException if the file cannot be read or is no FLV
   */
  public static PublishedFile read(Path flv) throws IOException {
    List<FlvTag> tags;
    try {
      tags = FlvReader.readAll(Files.readAllBytes(flv));
    } catch (FlvException e) {
      throw new IOException(flv.toString(), e);
    }
    List<FlvTag> video = tags.stream().filter(FlvTag::isVideo).toList();
    long[] pts = video.stream().filter(t -> isFrame(t)).mapToLong(t -> ptsMs(t)).sorted().toArray();
    List<Integer> numbers = new ArrayList<>();
    List<Boolean> idrs = new ArrayList<>();
    for (FlvTag tag : video) {
      numbers.add(isFrame(tag) ? Arrays.binarySearch(pts, ptsMs(tag)) : -1);
      idrs.add(isFrame(tag) && tag.body()[0] >> 4 == KEY_FRAME);
    }
    long audio =
        tags.stream()
            .filter(t -> t.isAudio() && isFrame(t))
            .mapToLong(FlvTag::timestampMs)
            .findFirst()
            .orElse(-1);
    return new PublishedFile(numbers, idrs, Arrays.stream(pts).boxed().toList(), audio);
  }

  private static boolean isFrame(FlvTag tag) {
    return tag.body().length > 1 && tag.body()[1] == FRAME;
  }

  private static long ptsMs(FlvTag tag) {
    byte[] b = tag.body();
    return tag.timestampMs() + (b[2] << 16 | (b[3] & 0xff) << 8 | (b[4] & 0xff));
  }
}

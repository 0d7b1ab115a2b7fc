package io.millrace.media.worker;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_FATAL;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Main class of a worker process. Three threads: one runs the codecs, one reads commands from
 * stdin, one writes results. The launcher has moved the output pipe to another descriptor and
 * pointed descriptor 1 at stderr, so nothing that a library prints gets between the frames. Exit
 * code 0 after END, 1 when the node went away, 2 on a broken pipe or protocol, 3 when a codec
 * failed for good.
 */
public final class WorkerMain {
  private static final long QUEUE_90K = 90_000;
  private static final long INPUT_BYTES = 20 * 1024 * 1024;
  private static final long OUTPUT_BYTES = 8 * 1024 * 1024;
  private static final int PIPE_BUFFER_BYTES = 64 * 1024;

  /** Native codecs expect the stack of a C program's main thread, not that of a Java thread. */
  private static final long CODEC_STACK_BYTES = 8L << 20;

  private WorkerMain() {}

  /** Takes no arguments; see {@link WorkerOptions} for its system properties. */
  public static void main(String[] args) throws IOException {
    OutputStream out =
        new FileOutputStream(System.getProperty(WorkerOptions.OUTPUT_PROPERTY, "/dev/fd/1"));
    System.setOut(System.err);
    WorkerOptions options =
        WorkerOptions.parse(System.getProperty(WorkerOptions.TEST_DELAY_PROPERTY, ""));
    av_log_set_level(AV_LOG_FATAL);
    Runtime.getRuntime().halt(run(System.in, out, options));
  }

  private static int run(InputStream in, OutputStream out, WorkerOptions options) {
    MediaQueue<WireMessage.ToWorker> input = new MediaQueue<>(QUEUE_90K, INPUT_BYTES);
    MediaQueue<WireMessage.FromWorker> results = new MediaQueue<>(QUEUE_90K, OUTPUT_BYTES);
    start("worker-reader", () -> read(in, input));
    Thread writer = start("worker-writer", () -> write(results, out));
    int[] exitCode = {3};
    Runnable codecs = () -> exitCode[0] = runCodecs(input, results, options);
    Thread codec = new Thread(null, codecs, "worker-codec", CODEC_STACK_BYTES);
    codec.start();
    try {
      codec.join();
      results.close();
      writer.join();
      return exitCode[0];
    } catch (InterruptedException e) {
      return 2;
    }
  }

  private static int runCodecs(
      MediaQueue<WireMessage.ToWorker> input,
      MediaQueue<WireMessage.FromWorker> results,
      WorkerOptions options) {
    try {
      return new CodecLoop(input, new WorkerOutput(results), options).run() ? 0 : 1;
    } catch (NativeException e) {
      System.err.println("codec: " + e.getMessage());
      return 3;
    } catch (InterruptedException e) {
      return 2;
    }
  }

  private static Thread start(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void read(InputStream in, MediaQueue<WireMessage.ToWorker> input) {
    try (DataInputStream frames =
        new DataInputStream(new BufferedInputStream(in, PIPE_BUFFER_BYTES))) {
      WireMessage message = WireCodec.decode(frames);
      while (message != null) {
        if (!(message instanceof WireMessage.ToWorker command)) {
          throw new WireException("frame: a worker's own (expected: a command)");
        }
        put(command, input);
        message = WireCodec.decode(frames);
      }
    } catch (IOException e) {
      System.err.println("input: " + e.getMessage());
      Runtime.getRuntime().halt(2);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      input.close();
    }
  }

  private static void put(WireMessage.ToWorker command, MediaQueue<WireMessage.ToWorker> input)
      throws InterruptedException {
    if (command instanceof WireMessage.Unit m) {
      input.put(command, m.unit().dts(), m.unit().data().length);
    } else {
      input.put(command, MediaQueue.NO_TIME, 0);
    }
  }

  private static void write(MediaQueue<WireMessage.FromWorker> results, OutputStream out) {
    WireOutput frame = new WireOutput();
    try (out) {
      WireMessage.FromWorker message = results.take();
      while (message != null) {
        WireCodec.encode(message, frame);
        frame.writeTo(out);
        message = results.take();
      }
    } catch (IOException e) {
      Runtime.getRuntime().halt(2); // nobody reads any more
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

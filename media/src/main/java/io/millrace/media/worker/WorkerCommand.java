package io.millrace.media.worker;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.javacpp.Loader;

/** The command line and environment of a worker process. Nothing in them is secret. */
final class WorkerCommand {
  /** What a worker inherits of the node's environment; the rest may hold passwords. */
  private static final List<String> INHERITED =
      List.of("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH");

  /**
   * The process keeps its id through both {@code exec}s. Descriptor 3 is the output pipe; from
   * before the JVM starts, descriptor 1 is stderr.
   */
  private static final String SCRIPT =
      "exec 3>&1 1>&2; if command -v nice >/dev/null 2>&1; then exec nice -n \"$0\" \"$@\";"
          + " else exec \"$@\"; fi";

  private static final String TEMPORARY = System.getProperty("java.io.tmpdir");

  private WorkerCommand() {}

  static ProcessBuilder builder(WorkerSettings settings) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("/bin/sh", "-c", SCRIPT, Integer.toString(settings.niceness())));
    command.add(settings.java().toString());
    command.addAll(settings.jvmFlags());
    // A native crash leaves its report where it is not in the way, and no core file.
    command.add("-XX:-CreateCoredumpOnCrash");
    command.add("-XX:ErrorFile=" + Path.of(TEMPORARY, "millrace-worker-%p.log"));
    // JavaCPP's own limits count this JVM's heap size, not the native memory that codecs need.
    command.add("-Dorg.bytedeco.javacpp.maxBytes=0");
    command.add("-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");
    command.add("-Dorg.bytedeco.javacpp.nopointergc=true");
    String cache = System.getProperty("org.bytedeco.javacpp.cachedir");
    if (cache != null) {
      command.add("-Dorg.bytedeco.javacpp.cachedir=" + cache);
    }
    command.add("-D" + WorkerOptions.OUTPUT_PROPERTY + "=/dev/fd/3");
    if (!settings.testEncodeDelayMs().isEmpty()) {
      command.add(
          "-D"
              + WorkerOptions.TEST_DELAY_PROPERTY
              + "="
              + WorkerOptions.format(settings.testEncodeDelayMs()));
    }
    command.addAll(List.of("-cp", classpath(), WorkerMain.class.getName()));
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.keySet().retainAll(INHERITED);
    return builder;
  }

  /** Only the places that hold the worker's classes and native libraries. */
  private static String classpath() throws IOException {
    Set<String> entries = new LinkedHashSet<>();
    String platform = Loader.getPlatform();
    entries.add(location(WorkerMain.class));
    entries.add(location(Loader.class));
    entries.add(location(avcodec.class));
    entries.add(location("org/bytedeco/javacpp/" + platform + "/libjnijavacpp.so"));
    entries.add(location("org/bytedeco/ffmpeg/" + platform + "/libjniavcodec.so", "-gpl"));
    return String.join(File.pathSeparator, entries);
  }

  private static String location(Class<?> type) throws IOException {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null) {
      throw new IOException("no code source of " + type.getName());
    }
    try {
      return Path.of(source.getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IOException("code source of " + type.getName(), e);
    }
  }

  /** The GPL and the LGPL build keep the same library under different folders. */
  private static String location(String resource, String suffix) throws IOException {
    String gpl = resource.replaceFirst("/([^/]+)$", suffix + "/$1");
    return find(gpl) != null ? location(gpl) : location(resource);
  }

  private static String location(String resource) throws IOException {
    URL url = find(resource);
    if (url == null) {
      throw new IOException("not on the class path: " + resource);
    }
    String text = url.toString();
    if (text.startsWith("jar:file:")) {
      return Path.of(java.net.URI.create(text.substring(4, text.indexOf("!/")))).toString();
    }
    String path = Path.of(java.net.URI.create(text)).toString();
    return path.substring(0, path.length() - resource.length() - 1);
  }

  private static URL find(String resource) {
    return WorkerMain.class.getClassLoader().getResource(resource);
  }
}

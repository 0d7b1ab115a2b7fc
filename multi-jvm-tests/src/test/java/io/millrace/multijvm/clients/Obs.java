package io.millrace.multijvm.clients;

import io.millrace.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * OBS on a virtual display, with a profile that leaves its encoder's keyframe interval at the
 * default (250 frames).
 */
final class Obs implements AutoCloseable {
  private final ClientProgram display;
  private final ClientProgram obs;

  private Obs(ClientProgram display, ClientProgram obs) {
    this.display = display;
    this.obs = obs;
  }

  /** Starts it streaming to {@code server}, e.g. {@code rtmp://127.0.0.1:1935/live}. */
  static Obs start(String server, String key) throws IOException {
    Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
    Path home = Files.createTempDirectory(target, "obs-");
    writeProfile(home.resolve(".config/obs-studio"), server, key);
    Path number = home.resolve("display");
    ClientProgram display =
        ClientProgram.start(
            "xvfb",
            List.of(
                "/bin/sh",
                "-c",
                "exec Xvfb -displayfd 9 -screen 0 640x480x24 -nolisten tcp 9>'" + number + "'"));
    try {
      Await.until(
          "Xvfb names its display",
          Duration.ofSeconds(20),
          () -> Files.exists(number) && Files.readString(number).endsWith("\n"));
      return new Obs(display, startProgram(home, Files.readString(number).strip()));
    } catch (IOException | AssertionError e) {
      display.close();
      throw e;
    }
  }

  private static ClientProgram startProgram(Path home, String display) throws IOException {
    return ClientProgram.start(
        "obs",
        List.of(
            "obs",
            "--multi",
            "--disable-missing-files-check",
            "--profile",
            "Bench",
            "--collection",
            "Bench",
            "--startstreaming"),
        Map.of(
            "HOME",
            home.toString(),
            "XDG_CONFIG_HOME",
            home.resolve(".config").toString(),
            "DISPLAY",
            ":" + display,
            "LIBGL_ALWAYS_SOFTWARE",
            "1",
            "XDG_RUNTIME_DIR",
            ""));
  }

  /** SIGINT: OBS ends the publish as its stop button does. */
  void stop() {
    obs.interruptAndWait(Duration.ofSeconds(20));
  }

  @Override
  public void close() {
    obs.close();
    display.close();
  }

  private static void writeProfile(Path root, String server, String key) throws IOException {
    Path profile = Files.createDirectories(root.resolve("basic/profiles/Bench"));
    Path scenes = Files.createDirectories(root.resolve("basic/scenes"));
    Files.writeString(
        root.resolve("global.ini"),
        """
        [General]
        FirstRun=true
        Pre19Defaults=false
        Pre21Defaults=false
        Pre23Defaults=false
        Pre24.1Defaults=false
        EnableAutoUpdates=false
        ConfirmOnExit=false
        LastVersion=486539266
        [Basic]
        Profile=Bench
        ProfileDir=Bench
        SceneCollection=Bench
        SceneCollectionFile=Bench
        """);
    Files.writeString(
        profile.resolve("basic.ini"),
        """
        [General]
        Name=Bench
        [Output]
        Mode=Advanced
        Reconnect=true
        RetryDelay=2
        [AdvOut]
        Encoder=obs_x264
        TrackIndex=1
        [Video]
        BaseCX=1280
        BaseCY=720
        OutputCX=1280
        OutputCY=720
        FPSType=1
        FPSInt=30
        [Audio]
        SampleRate=48000
        """);
    Files.writeString(
        profile.resolve("service.json"),
        """
        {"type":"rtmp_custom","settings":{"server":"%s","key":"%s","use_auth":false}}
        """
            .formatted(server, key));
    Files.writeString(
        profile.resolve("streamEncoder.json"),
        """
        {"rate_control":"CBR","bitrate":1500,"preset":"ultrafast","profile":"main",
         "tune":"zerolatency"}
        """);
    Files.writeString(
        scenes.resolve("Bench.json"),
        """
        {"name":"Bench","current_scene":"Scene","current_program_scene":"Scene",
         "scene_order":[{"name":"Scene"}],
         "sources":[
          {"id":"color_source","versioned_id":"color_source_v3","name":"Colour",
           "settings":{"color":4280984319,"width":1280,"height":720}},
          {"id":"scene","versioned_id":"scene","name":"Scene",
           "settings":{"id_counter":1,"items":[{"name":"Colour","id":1,"visible":true,
             "pos":{"x":0.0,"y":0.0},"scale":{"x":1.0,"y":1.0}}]}}]}
        """);
  }
}

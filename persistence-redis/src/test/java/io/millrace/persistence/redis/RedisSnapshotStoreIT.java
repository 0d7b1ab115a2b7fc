package io.millrace.persistence.redis;

import org.apache.pekko.persistence.japi.snapshot.JavaSnapshotStoreSpec;
import org.junit.runner.RunWith;
import org.scalatestplus.junit.JUnitRunner;

/** Pekko's test kit for snapshot stores, on a real Redis. */
@RunWith(JUnitRunner.class)
public class RedisSnapshotStoreIT extends JavaSnapshotStoreSpec {
  public RedisSnapshotStoreIT() {
    super(TckRedis.config());
  }
}

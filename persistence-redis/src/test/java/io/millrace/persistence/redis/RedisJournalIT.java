package io.millrace.persistence.redis;

import org.apache.pekko.persistence.japi.journal.JavaJournalSpec;
import org.junit.runner.RunWith;
import org.scalatestplus.junit.JUnitRunner;

/** Pekko's test kit for journals, on a real Redis. */
@RunWith(JUnitRunner.class)
public class RedisJournalIT extends JavaJournalSpec {
  public RedisJournalIT() {
    super(TckRedis.config());
  }
}

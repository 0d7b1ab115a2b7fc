package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.junit.jupiter.api.Test;

class MadeAnswersTest {

  private final MadeAnswers answers = new MadeAnswers();
  private final byte[] body = {1, 2, 3};

  @Test
  void makesAnAnswerOnce() {
    HttpResponse first = answers.get(body, 1, HttpResponse::create);

    assertThat(answers.get(body, 1, () -> HttpResponse.create().withStatus(404))).isSameAs(first);
  }

  @Test
  void tellsEqualBodiesOfTwoVersionsApart() {
    HttpResponse first = HttpResponse.create().withStatus(200);
    HttpResponse second = HttpResponse.create().withStatus(201);
    answers.get(body, 1, () -> first);

    assertThat(answers.get(body.clone(), 1, () -> second)).isSameAs(second);
  }

  @Test
  void tellsLifetimesApart() {
    HttpResponse longer = HttpResponse.create().withStatus(201);
    answers.get(body, 1, HttpResponse::create);

    assertThat(answers.get(body, 12, () -> longer)).isSameAs(longer);
  }

  @Test
  void answersRightlyWhenThereAreMoreBodiesThanSlots() {
    List<byte[]> bodies = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      bodies.add(new byte[] {(byte) i, (byte) (i >> 8)});
    }
    for (int round = 0; round < 2; round++) {
      for (byte[] each : bodies) {
        HttpResponse own = HttpResponse.create().withEntity(each);
        HttpResponse answer = answers.get(each, 1, () -> own);

        assertThat(answer).isEqualTo(own);
      }
    }
  }
}

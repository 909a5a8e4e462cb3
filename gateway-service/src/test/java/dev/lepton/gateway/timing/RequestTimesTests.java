package dev.lepton.gateway.timing;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import reactor.core.publisher.Mono;

class RequestTimesTests {

    private long now = 5;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final RequestTimes times = new RequestTimes(meters, () -> now);

    private Mono<Void> ask(String method, HttpHandler handler) {
        return times.apply(handler)
                .handle(
                        MockServerHttpRequest.method(HttpMethod.valueOf(method), "/x").build(),
                        new MockServerHttpResponse());
    }

    private static HttpHandler answering(int status) {
        return (request, response) -> {
            response.setStatusCode(HttpStatusCode.valueOf(status));
            return Mono.empty();
        };
    }

    private Timer timer(String... tags) {
        return meters.get("http.server.requests").tags(tags).timer();
    }

    @ParameterizedTest
    @CsvSource({
        "200, SUCCESS",
        "302, REDIRECTION",
        "404, CLIENT_ERROR",
        "503, SERVER_ERROR",
        "799, UNKNOWN"
    })
    void answerIsCountedByItsStatus(int status, String outcome) {
        ask("GET", answering(status)).block();

        assertThat(timer("method", "GET", "status", "" + status, "outcome", outcome).count())
                .isEqualTo(1);
    }

    @Test
    void timeLastsUntilTheAnswerHasEnded() {
        HttpHandler slow = (request, response) -> Mono.fromRunnable(() -> now += 3_000_000);

        ask("GET", slow).block();

        assertThat(timer("status", "200").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(3);
    }

    @Test
    void requestWhoseClientWentAwayHasNoStatus() {
        ask("GET", (request, response) -> Mono.never()).subscribe().dispose();

        assertThat(timer("status", "UNKNOWN", "outcome", "UNKNOWN").count()).isEqualTo(1);
    }

    @Test
    void methodsThatClientsInventShareOneMeter() {
        ask("FETCH", answering(200)).block();
        ask("TAKE", answering(200)).block();

        assertThat(timer("method", "UNKNOWN").count()).isEqualTo(2);
    }
}

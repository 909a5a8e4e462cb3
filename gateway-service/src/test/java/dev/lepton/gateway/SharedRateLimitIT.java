package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** One limit of two gateways, with a Redis that comes and goes. */
@ExtendWith({RedisServer.Required.class, LeakCheck.class})
class SharedRateLimitIT {

    private static final int LIMIT = 20;
    private static final int ASKED_AT_EACH = 30;
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final List<String> SERVICES = List.of("shared", "killed", "frozen", "refilled");

    private static final Map<String, StubUnit> UNITS = new HashMap<>();

    private static RedisServer redis;
    private static RunningGateway one;
    private static RunningGateway other;

    @BeforeAll
    static void start(@TempDir Path folder) {
        redis = RedisServer.start(folder);
        one = gateway(folder.resolve("one"));
        other = gateway(folder.resolve("other"));
        for (String service : SERVICES) {
            StubUnit unit = StubUnit.good(service + "-1");
            UNITS.put(service, unit);
            one.up(service, unit);
            other.up(service, unit);
        }
    }

    private static RunningGateway gateway(Path home) {
        List<String> settings =
                new ArrayList<>(
                        List.of(
                                "--spring.data.redis.host=127.0.0.1",
                                "--spring.data.redis.port=" + redis.port(),
                                // So that no busy machine is taken for a Redis that is away.
                                "--spring.data.redis.timeout=3s"));
        for (String service : SERVICES) {
            String limit = "--lepton.gateway.services." + service + ".rate-limit.";
            boolean refilled = service.equals("refilled");
            settings.add(limit + "requests=" + (refilled ? 1 : LIMIT));
            settings.add(limit + "per=" + (refilled ? "10s" : "24h"));
            settings.add(limit + "key=none");
        }
        return RunningGateway.start(home, settings.toArray(String[]::new));
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable each : Arrays.asList(one, other, redis)) {
            if (each != null) {
                each.close();
            }
        }
        UNITS.values().forEach(StubUnit::close);
        UNITS.clear();
    }

    @BeforeEach
    void redisAnswers() {
        await().atMost(SOON).until(() -> redisAnswers(one) && redisAnswers(other));
    }

    private static boolean redisAnswers(RunningGateway gateway) {
        return gateway.bean(MeterRegistry.class)
                        .get("lepton.gateway.rate-limit.redis")
                        .gauge()
                        .value()
                == 1;
    }

    private static double letInWithoutRedis(RunningGateway gateway, String service) {
        return gateway.bean(MeterRegistry.class)
                .get("lepton.gateway.rate-limit")
                .tag("limit", "service:" + service)
                .tag("outcome", "redis-away")
                .counter()
                .count();
    }

    /** How many are let in of many requests to both gateways at the same time. */
    private static long letIn(String service) {
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        for (int each = 0; each < ASKED_AT_EACH; each++) {
            asked.add(ask(one, service));
            asked.add(ask(other, service));
        }
        List<Integer> statuses = asked.stream().map(answer -> answer.join().statusCode()).toList();
        assertThat(statuses).containsOnly(200, 429);
        return statuses.stream().filter(status -> status == 200).count();
    }

    private static CompletableFuture<HttpResponse<String>> ask(
            RunningGateway gateway, String service) {
        return gateway.http()
                .sendAsync(
                        gateway.request("/" + service + "/x").GET().build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static void assertUp(RunningGateway gateway) {
        for (String health : List.of("/health", "/health/readiness")) {
            HttpResponse<String> answer = gateway.actuator(health);
            assertThat(answer.statusCode()).as(health).isEqualTo(200);
            assertThat(answer.body()).contains("\"status\":\"UP\"");
        }
    }

    @Test
    void twoGatewaysTogetherLetInExactlyTheLimit() {
        assertThat(letIn("shared")).isEqualTo(LIMIT);
        assertThat(UNITS.get("shared").requests()).hasSize(LIMIT);
        // Full again after a day, and then gone.
        long millis =
                Long.parseLong(redis.ask("PTTL lepton:rate-limit:service:shared:all").substring(1));
        assertThat(Duration.ofMillis(millis))
                .isBetween(Duration.ofHours(23), Duration.ofHours(24).plusSeconds(1));
    }

    @Test
    void bucketInRedisFillsAgain() {
        assertThat(one.get("/refilled/x").statusCode()).isEqualTo(200);
        HttpResponse<String> refused = other.get("/refilled/x");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 10L);

        await().atMost(SOON).until(() -> other.get("/refilled/x").statusCode() == 200);

        assertThat(one.get("/refilled/x").statusCode()).isEqualTo(429);
    }

    @Test
    void whileRedisIsDeadEachGatewayGoesOnByItselfAndThenTheyShareAgain() {
        assertThat(one.get("/killed/x").statusCode()).isEqualTo(200);

        redis.kill();

        assertThat(letIn("killed")).isEqualTo(2 * LIMIT);
        assertThat(letInWithoutRedis(one, "killed")).isEqualTo(LIMIT);
        assertThat(letInWithoutRedis(other, "killed")).isEqualTo(LIMIT);
        assertUp(one);
        assertUp(other);

        redis.startAgain();
        redisAnswers();

        assertThat(letIn("killed")).isEqualTo(LIMIT);
        assertThat(letInWithoutRedis(one, "killed")).isEqualTo(LIMIT);
    }

    /** The first request waits for one command, the others for nothing. */
    @Test
    void redisThatHangsIsNotAskedByEveryRequest() {
        redis.freeze();
        try {
            for (int each = 1; each <= LIMIT; each++) {
                assertThat(one.get("/frozen/x").statusCode()).isEqualTo(200);
                assertThat(redisAnswers(one)).isFalse();
            }
            assertThat(one.get("/frozen/x").statusCode()).isEqualTo(429);
            assertThat(letInWithoutRedis(one, "frozen")).isEqualTo(LIMIT);
            assertUp(one);
        } finally {
            redis.thaw();
        }
        redisAnswers();

        assertThat(one.get("/frozen/x").statusCode()).isEqualTo(200);
    }
}

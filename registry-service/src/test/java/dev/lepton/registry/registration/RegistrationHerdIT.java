package dev.lepton.registry.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.unit.StartId;
import dev.lepton.registry.support.FreshDatabase;
import dev.lepton.registry.support.RunningRegistry;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.json.JsonMapper;

/** A whole fleet registers at the same moment, each unit as its starter would. */
class RegistrationHerdIT {

    private static final int NO_ANSWER = 0;
    private static final int MOST_ATTEMPTS = 30;
    private static final boolean ENDURANCE = Boolean.getBoolean("lepton.endurance");
    private static final Duration ALL_WITHIN = Duration.ofSeconds(60);
    private static final Duration BOUND = ENDURANCE ? ALL_WITHIN : ALL_WITHIN.multipliedBy(3);
    private static final JsonMapper JSON = ProtocolJson.lenient();

    @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();

    private final Map<Integer, AtomicInteger> answers = new ConcurrentHashMap<>();
    private final AtomicInteger longestAsked = new AtomicInteger();

    @Test
    @Timeout(240)
    void fiveHundredUnitsAtOnceAreAllRegistered() throws Exception {
        herdRegisters(500);
    }

    @Test
    @Timeout(400)
    void fiveThousandUnitsAtOnceAreAllRegistered() throws Exception {
        assumeTrue(ENDURANCE, "takes the machine for half a minute: runs with -Pendurance");
        herdRegisters(5000);
    }

    private void herdRegisters(int units) throws Exception {
        try (RunningRegistry registry =
                        RunningRegistry.start(
                                database,
                                "lepton.lifecycle.start-deadline=10m",
                                "spring.datasource.hikari.maximum-pool-size=20");
                HttpClient http =
                        HttpClient.newBuilder()
                                .version(HttpClient.Version.HTTP_1_1)
                                .connectTimeout(Duration.ofSeconds(20))
                                .build()) {
            long begun = System.nanoTime();
            List<CompletableFuture<Integer>> registrations =
                    IntStream.range(0, units)
                            .mapToObj(i -> register(http, request(registry, units, i), 1))
                            .toList();
            List<Integer> attempts =
                    registrations.stream().map(CompletableFuture::join).sorted().toList();
            Duration took = Duration.ofNanos(System.nanoTime() - begun);

            System.out.printf(
                    "%d units registered in %d ms, %s; attempts: median %d, most %d; longest wait asked for %d s%n",
                    units,
                    took.toMillis(),
                    answers,
                    attempts.get(units / 2),
                    attempts.getLast(),
                    longestAsked.get());
            assertThat(
                            database.jdbc()
                                    .sql("SELECT count(*) FROM unit WHERE service = ?")
                                    .param("herd-" + units)
                                    .query(Integer.class)
                                    .single())
                    .isEqualTo(units);
            assertThat(answers.keySet()).containsAnyOf(201).isSubsetOf(201, 200, 503, NO_ANSWER);
            assertThat(took).isLessThan(BOUND);
        }
    }

    private static HttpRequest request(RunningRegistry registry, int units, int i) {
        return registry.request("/v1/units")
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .POST(
                        BodyPublishers.ofString(
                                JSON.writeValueAsString(
                                        Map.of(
                                                "unitId",
                                                "herd-%d-%d".formatted(units, i),
                                                "startId",
                                                StartId.random(),
                                                "service",
                                                "herd-" + units,
                                                "address",
                                                Map.of("host", "127.0.0.1", "port", 9001)))))
                .build();
    }

    /**
     * Obeys {@code Retry-After} to the letter, and adds nothing of its own; comes again after a
     * second when a connection breaks, as units do.
     */
    private CompletableFuture<Integer> register(HttpClient http, HttpRequest request, int attempt) {
        return http.sendAsync(request, BodyHandlers.ofString())
                .handle((answer, broken) -> {
                    if (broken != null) {
                        count(NO_ANSWER);
                        return again(http, request, attempt, 1);
                    }
                    count(answer.statusCode());
                    if (answer.statusCode() != 503) {
                        return CompletableFuture.completedFuture(attempt);
                    }
                    int seconds = retryAfter(answer);
                    longestAsked.accumulateAndGet(seconds, Math::max);
                    return again(http, request, attempt, seconds);
                })
                .thenCompose(next -> next);
    }

    private CompletableFuture<Integer> again(
            HttpClient http, HttpRequest request, int attempt, int seconds) {
        if (attempt == MOST_ATTEMPTS) {
            throw new IllegalStateException("not registered after %d attempts".formatted(attempt));
        }
        return CompletableFuture.supplyAsync(
                        () -> register(http, request, attempt + 1),
                        CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS))
                .thenCompose(next -> next);
    }

    private void count(int status) {
        answers.computeIfAbsent(status, _ -> new AtomicInteger()).incrementAndGet();
    }

    private static int retryAfter(HttpResponse<String> answer) {
        return answer.headers().firstValue("Retry-After").map(Integer::parseInt).orElseThrow();
    }
}

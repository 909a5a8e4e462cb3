package dev.lepton.starter.selfcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.heartbeat.SelfCheck;
import dev.lepton.starter.FakeRegistry;
import dev.lepton.starter.SampleService;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;

class SelfCheckIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final FakeRegistry registry = new FakeRegistry();

    @AfterEach
    void closeRegistry() {
        registry.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void aUnitWhoseRequestThreadsAreAllBlockedIsUnansweredAndComesBack(WebApplicationType type) {
        // Netty has no fewer than four threads by itself; /wait blocks the one that it is given.
        System.setProperty("reactor.netty.ioWorkerCount", "2");
        int requests = type == WebApplicationType.SERVLET ? 2 : 8;
        try (SampleService service =
                SampleService.start(type, registry.url(), "server.tomcat.threads.max=2")) {
            awaitSelfCheck(SelfCheck.OK);
            List<CompletableFuture<?>> blocked =
                    IntStream.range(0, requests)
                            .<CompletableFuture<?>>mapToObj(i -> service.getLater("/wait"))
                            .toList();

            awaitSelfCheck(SelfCheck.UNANSWERED);

            service.gate().release(1000);
            awaitSelfCheck(SelfCheck.OK);
            blocked.forEach(CompletableFuture::join);
        } finally {
            System.clearProperty("reactor.netty.ioWorkerCount");
        }
    }

    @Test
    void aUnitThatAdvancesTooSlowlyForItsSelfCheckIsLate() {
        try (SampleService service =
                SampleService.servlet(registry, "server.tomcat.threads.max=2")) {
            awaitSelfCheck(SelfCheck.OK);
            // A long queue before the self-check, of which one request ends every 200 ms.
            List<CompletableFuture<?>> queue =
                    IntStream.range(0, 60)
                            .<CompletableFuture<?>>mapToObj(i -> service.getLater("/wait"))
                            .toList();
            await().atMost(SOON)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        service.gate().release();
                        return registry.lastBeat().selfCheck() == SelfCheck.LATE;
                    });

            assertThat(beatsThatDenyProgress()).isEmpty();
            service.gate().release(1000);
            awaitSelfCheck(SelfCheck.OK);
            queue.forEach(CompletableFuture::join);
        }
    }

    /**
     * The beats that bring the word that the self-check is unanswered, although requests completed
     * in the two seconds before, of which that check has seen all. On a machine that starves this
     * test for that long none do, and the word is right.
     */
    private List<FakeRegistry.Beat> beatsThatDenyProgress() {
        List<FakeRegistry.Beat> beats = List.copyOf(registry.beats());
        return IntStream.range(1, beats.size())
                .filter(i -> isUnanswered(beats.get(i)) && !isUnanswered(beats.get(i - 1)))
                .filter(i -> {
                    long from = beats.get(i).nanos() - Duration.ofSeconds(2).toNanos();
                    long before = beats.get(i - 1).heartbeat().completedRequests();
                    return beats.subList(0, i).stream()
                            .filter(b -> b.nanos() - from >= 0)
                            .anyMatch(b -> b.heartbeat().completedRequests() < before);
                })
                .mapToObj(beats::get)
                .toList();
    }

    private static boolean isUnanswered(FakeRegistry.Beat beat) {
        return beat.heartbeat().selfCheck() == SelfCheck.UNANSWERED;
    }

    @Test
    void aServicesOwnPathIsAskedAndItsFailureIsLateNotHung() {
        try (SampleService _ =
                SampleService.servlet(registry, "lepton.unit.self-check.path=/fails")) {
            awaitSelfCheck(SelfCheck.LATE);

            assertThat(registry.lastBeat().completedRequests()).isZero();
        }
    }

    @Test
    void aServicesOwnPathThatAnswersIsGood() {
        try (SampleService _ =
                SampleService.servlet(registry, "lepton.unit.self-check.path=/hello")) {
            awaitSelfCheck(SelfCheck.OK);

            assertThat(registry.lastBeat().completedRequests()).isZero();
        }
    }

    @Test
    void aContextPathIsPartOfTheSelfChecksPath() {
        try (SampleService service =
                SampleService.servlet(registry, "server.servlet.context-path=/app")) {
            awaitSelfCheck(SelfCheck.OK);

            assertThat(service.get("/app/lepton/self-check").statusCode()).isEqualTo(204);
        }
    }

    @Test
    void aBasePathIsPartOfTheSelfChecksPath() {
        try (SampleService service =
                SampleService.reactive(registry, "spring.webflux.base-path=/app")) {
            awaitSelfCheck(SelfCheck.OK);

            assertThat(service.get("/app/lepton/self-check").statusCode()).isEqualTo(204);
        }
    }

    @Test
    void theMainConnectorIsCheckedNotTheManagementPort() {
        try (SampleService service = SampleService.servlet(registry, "management.server.port=0")) {
            awaitSelfCheck(SelfCheck.OK);

            assertThat(registry.registrations().getFirst().address().port())
                    .isEqualTo(service.port());
        }
    }

    private void awaitSelfCheck(SelfCheck wanted) {
        await().atMost(SOON)
                .until(() ->
                        !registry.beats().isEmpty() && registry.lastBeat().selfCheck() == wanted);
    }
}

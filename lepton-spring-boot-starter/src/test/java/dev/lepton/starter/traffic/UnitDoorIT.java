package dev.lepton.starter.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.starter.FakeRegistry;
import dev.lepton.starter.SampleService;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;

class UnitDoorIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final FakeRegistry registry = new FakeRegistry();

    @AfterEach
    void closeRegistry() {
        registry.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void aRequestForAnotherUnitIsNotProcessed(WebApplicationType type) {
        try (SampleService service = start(type)) {
            HttpResponse<String> answer = service.get("/hello", "Lepton-Unit", "sample-2");

            assertThat(answer.statusCode()).isEqualTo(421);
            assertThat(answer.headers().firstValue("Lepton-Not-Processed")).contains("misdirected");
            assertThat(answer.headers().firstValue("Content-Type"))
                    .contains("application/problem+json");
            assertThat(answer.body()).contains("urn:lepton:problem:misdirected", "sample-1");
            assertThat(service.bean(RequestCounts.class).completed()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void requestsAreCountedHoweverTheyEndAndSelfChecksAreNot(WebApplicationType type) {
        try (SampleService service = start(type)) {
            RequestCounts counts = service.bean(RequestCounts.class);
            service.get("/hello", "Lepton-Unit", "sample-1");
            service.get("/hello");
            assertThat(service.get("/fails").statusCode()).isEqualTo(500);
            assertThat(service.get("/nowhere").statusCode()).isEqualTo(404);
            assertThat(service.get("/lepton/self-check").statusCode()).isEqualTo(204);

            await().atMost(SOON).until(() -> counts.completed() == 4);
            assertThat(counts.inFlight()).isZero();
            await().atMost(SOON).until(() -> registry.lastBeat().completedRequests() == 4);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void requestsInFlightAreReported(WebApplicationType type) {
        try (SampleService service = start(type)) {
            var one = service.getLater("/wait");
            await().atMost(SOON).until(() -> registry.lastBeat().inFlight() == 1);

            service.gate().release();
            one.join();

            await().atMost(SOON).until(() -> registry.lastBeat().inFlight() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void aRequestThatIsAnsweredLaterIsInFlightUntilThen(WebApplicationType type) {
        try (SampleService service = start(type)) {
            RequestCounts counts = service.bean(RequestCounts.class);
            var one = service.getLater("/later");
            await().atMost(SOON).until(() -> counts.inFlight() == 1);
            await().during(Duration.ofMillis(300)).atMost(SOON).until(() -> counts.inFlight() == 1);
            assertThat(counts.completed()).isZero();

            service.gate().release();

            assertThat(one.join().body()).isEqualTo("waited");
            await().atMost(SOON).until(() -> counts.inFlight() == 0 && counts.completed() == 1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void selfChecksLeaveNoMetrics(WebApplicationType type) {
        try (SampleService service = start(type)) {
            service.get("/lepton/self-check");
            service.get("/hello");

            MeterRegistry meters = service.bean(MeterRegistry.class);
            await().atMost(SOON)
                    .until(() -> !meters.find("http.server.requests").timers().isEmpty());
            assertThat(meters.find("http.server.requests").timers())
                    .extracting(t -> t.getId().getTag("uri"))
                    .containsOnly("/hello");
        }
    }

    @Test
    void selfChecksLeaveNoLineInTomcatsAccessLog(@TempDir Path folder) throws Exception {
        try (SampleService service =
                SampleService.servlet(
                        registry,
                        "server.tomcat.accesslog.enabled=true",
                        "server.tomcat.accesslog.buffered=false",
                        "server.tomcat.accesslog.directory=" + folder)) {
            await().atMost(SOON).until(() -> !registry.beats().isEmpty());
            service.get("/lepton/self-check");
            service.get("/hello");

            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(textOf(folder)).contains("GET /hello"));
            assertThat(textOf(folder)).doesNotContain("self-check");
        }
    }

    private static String textOf(Path folder) throws Exception {
        StringBuilder text = new StringBuilder();
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                text.append(Files.readString(file));
            }
        }
        return text.toString();
    }

    private SampleService start(WebApplicationType type) {
        SampleService service =
                SampleService.start(type, registry.url(), "lepton.unit.id=sample-1");
        await().atMost(SOON).until(() -> !registry.beats().isEmpty());
        return service;
    }
}

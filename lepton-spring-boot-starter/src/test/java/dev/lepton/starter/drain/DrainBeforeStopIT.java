package dev.lepton.starter.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.starter.FakeRegistry;
import dev.lepton.starter.SampleService;
import dev.lepton.starter.traffic.Intake;
import dev.lepton.starter.traffic.RequestCounts;
import dev.lepton.starter.traffic.RequestGate;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;

class DrainBeforeStopIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final FakeRegistry registry = new FakeRegistry();

    @AfterEach
    void closeRegistry() {
        registry.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void aStopTellsTheRegistryServesWhatItHasRefusesWhatComesAndLeaves(WebApplicationType type)
            throws Exception {
        SampleService service = start(type, "lepton.drain.quiet=1s");
        CompletableFuture<HttpResponse<String>> accepted =
                service.getLater("/wait", "Lepton-Unit", "sample-1");
        RequestCounts counts = service.bean(RequestCounts.class);
        await().atMost(SOON).until(() -> counts.inFlight() == 1);

        Thread stop = service.stopLater();
        RequestGate gate = service.bean(RequestGate.class);
        await().atMost(SOON).until(() -> gate.intake() == Intake.DRAINING);
        HttpResponse<String> late = service.get("/hello", "Lepton-Unit", "sample-1");
        HttpResponse<String> direct = service.get("/hello");
        service.gate().release();
        HttpResponse<String> finished = accepted.join();
        stop.join();

        assertThat(late.statusCode()).isEqualTo(503);
        assertThat(late.headers().firstValue("Lepton-Not-Processed")).contains("draining");
        assertThat(late.headers().firstValue("Connection")).contains("close");
        assertThat(late.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(late.body()).contains("urn:lepton:problem:draining");
        assertThat(direct.statusCode()).isEqualTo(200);
        assertThat(finished.body()).isEqualTo("waited");
        assertThat(finished.headers().firstValue("Connection")).contains("close");
        assertLeftInOrder();
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void theServerStopsAcceptingOnlyOnceNoGatewayHasAskedForAWhile(WebApplicationType type)
            throws Exception {
        SampleService service = start(type, "lepton.drain.quiet=600ms");
        RequestGate gate = service.bean(RequestGate.class);

        Thread stop = service.stopLater();
        await().atMost(SOON).until(() -> gate.intake() == Intake.DRAINING);
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < Duration.ofSeconds(2).toNanos()) {
            assertThat(service.get("/hello", "Lepton-Unit", "sample-1").statusCode())
                    .isEqualTo(503);
        }
        stop.join();

        assertLeftInOrder();
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void gatewaysThatNeverStopAskingHoldTheStopUpNoLongerThanTheTimeout(WebApplicationType type) {
        SampleService service = start(type, "lepton.drain.timeout=1s");
        Thread asking =
                Thread.ofVirtual()
                        .start(() -> {
                            while (!Thread.currentThread().isInterrupted()) {
                                try {
                                    service.get("/hello", "Lepton-Unit", "sample-1");
                                } catch (RuntimeException e) {
                                    return;
                                }
                            }
                        });

        long begun = System.nanoTime();
        service.context().close();
        Duration stop = Duration.ofNanos(System.nanoTime() - begun);
        asking.interrupt();

        assertThat(stop).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(15));
    }

    private SampleService start(WebApplicationType type, String... properties) {
        String[] all = List.of(properties).toArray(new String[properties.length + 1]);
        all[properties.length] = "lepton.unit.id=sample-1";
        SampleService service = SampleService.start(type, registry.url(), all);
        await().atMost(SOON).until(() -> !registry.beats().isEmpty());
        return service;
    }

    private void assertLeftInOrder() {
        List<String> ends =
                registry.calls().stream()
                        .filter(c -> !c.endsWith("/heartbeat") && !c.equals("POST /v1/units"))
                        .map(c -> c.replaceFirst("startId=.*", "startId=…"))
                        .toList();
        assertThat(ends)
                .containsExactly(
                        "POST /v1/units/sample-1/drain", "DELETE /v1/units/sample-1?startId=…");
    }
}

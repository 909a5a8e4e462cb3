package dev.lepton.starter.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.heartbeat.FenceTerms;
import dev.lepton.client.heartbeat.SelfCheck;
import dev.lepton.client.registration.Registration;
import dev.lepton.client.unit.Beater;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.starter.FakeRegistry;
import dev.lepton.starter.SampleService;
import dev.lepton.starter.fence.Fence;
import dev.lepton.starter.selfcheck.SelfCheckPath;
import dev.lepton.starter.selfcheck.SelfChecker;
import dev.lepton.starter.traffic.Intake;
import dev.lepton.starter.traffic.RequestCounts;
import dev.lepton.starter.traffic.RequestGate;
import dev.lepton.starter.unit.AdvertisedHost;
import dev.lepton.starter.unit.ThisUnit;
import dev.lepton.starter.unit.UnitSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

class MembershipIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    private static final Duration START = Duration.ofSeconds(120);

    /** Many times what a ready service needs to register. */
    private static final Duration A_WHILE = Duration.ofSeconds(1);

    private final FakeRegistry registry = new FakeRegistry();
    private final Fence fence = new Fence(false);
    private final AtomicInteger superseded = new AtomicInteger();

    @AfterEach
    void closeRegistry() {
        registry.close();
    }

    @Test
    void oneDependencyAndOnePropertyMakeAServiceAUnit() {
        try (SampleService service = SampleService.servlet(registry)) {
            awaitBeats(2);

            Registration registration = registry.registrations().getFirst();
            assertThat(registration.service()).isEqualTo(new ServiceName("sample"));
            assertThat(registration.unitId()).hasToString("sample:127.0.0.1:" + service.port());
            assertThat(registration.address())
                    .isEqualTo(UnitAddress.http("127.0.0.1", service.port()));
            assertThat(registration.beater()).isEqualTo(Beater.SELF);
            assertThat(registration.pid()).isEqualTo(ProcessHandle.current().pid());
            ThisUnit unit = service.bean(ThisUnit.class);
            assertThat(unit.incarnation()).hasValue(1);
            assertThat(registry.lastBeat().startId()).isEqualTo(unit.startId());
            assertThat(registry.lastBeat().health())
                    .containsEntry("liveness", "UP")
                    .containsEntry("readiness", "UP");
        }
    }

    @Test
    void theFirstBeatIsGoodAndTheNumbersOfBeatsGrow() {
        try (SampleService _ = SampleService.servlet(registry)) {
            awaitBeats(3);

            assertThat(registry.beats().getFirst().heartbeat().selfCheck()).isEqualTo(SelfCheck.OK);
            assertThat(registry.beats())
                    .extracting(b -> b.heartbeat().seq())
                    .startsWith(1L, 2L, 3L);
        }
    }

    @Test
    void beatsComeAtTheIntervalThatTheRegistryAssigns() {
        registry.beatsEvery(Duration.ofMillis(200));
        try (SampleService _ = SampleService.servlet(registry)) {
            awaitBeats(11);

            List<FakeRegistry.Beat> beats = registry.beats();
            double[] gaps =
                    IntStream.range(1, 11)
                            .mapToDouble(
                                    i -> (beats.get(i).nanos() - beats.get(i - 1).nanos()) / 1e6)
                            .sorted()
                            .toArray();
            assertThat(gaps[gaps.length / 2]).as("median gap in ms").isBetween(150.0, 260.0);
        }
    }

    @Test
    void aServiceStartsWithoutItsRegistryAndRegistersWhenItComes() {
        int port = FakeRegistry.freePort();
        try (SampleService service =
                SampleService.start(WebApplicationType.SERVLET, "http://127.0.0.1:" + port)) {
            assertThat(service.get("/hello").body()).isEqualTo("hello");
            await().atMost(SOON)
                    .untilAsserted(() ->
                            assertThat(view(service).problem()).startsWith("the registry is away"));

            try (FakeRegistry late = new FakeRegistry(port)) {
                await().atMost(SOON).until(() -> !late.beats().isEmpty());
                assertThat(view(service).standing()).isEqualTo(Standing.MEMBER);
            }
        }
    }

    @Test
    void aRegistryThatNeverAnswersDelaysNeitherTheStartNorTheStop() throws Exception {
        // Accepts connections in its backlog and never reads from them.
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"))) {
            long started = System.nanoTime();
            SampleService service =
                    SampleService.start(
                            WebApplicationType.SERVLET,
                            "http://127.0.0.1:" + mute.getLocalPort(),
                            "lepton.registry.timeout=60s");
            Duration start = Duration.ofNanos(System.nanoTime() - started);
            service.get("/hello");
            long stopped = System.nanoTime();
            service.close();
            Duration stop = Duration.ofNanos(System.nanoTime() - stopped);

            assertThat(start).isLessThan(Duration.ofSeconds(60));
            assertThat(stop).isLessThan(Duration.ofSeconds(60));
        }
    }

    @Test
    void aForgottenUnitRegistersAgainAtOnceAsTheSameStart() {
        try (SampleService service = SampleService.servlet(registry)) {
            awaitBeats(2);

            registry.forgetsEverything();

            await().atMost(SOON).until(() -> registry.registrations().size() == 2);
            await().atMost(SOON)
                    .until(() -> service.bean(ThisUnit.class).incarnation().orElse(0) == 2);
            assertThat(registry.registrations().getLast())
                    .isEqualTo(registry.registrations().getFirst());
        }
    }

    @Test
    void aSupersededStartBeatsNoMoreRegistersNoMoreAndRefusesGateways() {
        try (SampleService service = SampleService.servlet(registry, "lepton.unit.id=sample-1")) {
            awaitBeats(2);
            registry.refusesNextBeat(409, "superseded");

            await().atMost(SOON).until(() -> view(service).standing() == Standing.SUPERSEDED);
            int beats = registry.beats().size();

            assertThat(service.get("/hello", "Lepton-Unit", "sample-1").statusCode())
                    .isEqualTo(503);
            assertThat(service.get("/hello").statusCode()).isEqualTo(200);
            await().during(Duration.ofMillis(500))
                    .atMost(SOON)
                    .until(() -> registry.beats().size() == beats);
            assertThat(registry.registrations()).hasSize(1);
        }
        assertThat(registry.calls()).noneMatch(c -> c.startsWith("DELETE"));
    }

    @Test
    void aStartThatIsSupersededAtRegistrationNeverBeats() {
        registry.refusesNextRegistration(409, "superseded");
        try (SampleService service = SampleService.servlet(registry)) {
            await().atMost(SOON).until(() -> view(service).standing() == Standing.SUPERSEDED);

            assertThat(registry.beats()).isEmpty();
        }
    }

    @Test
    void whileAnotherStartHoldsTheUnitItWaitsAsLongAsItIsTold() {
        registry.refusesNextRegistration(409, "in-use", "Retry-After", "1");
        try (SampleService service = SampleService.servlet(registry)) {
            await().atMost(SOON).until(() -> view(service).standing() == Standing.WAITING_FOR_UNIT);
            assertThat(registry.beats()).isEmpty();

            awaitBeats(1);
            assertThat(registry.registrations()).hasSize(2);
            assertThat(view(service).standing()).isEqualTo(Standing.MEMBER);
        }
    }

    @Test
    void aRegistryWithoutItsDatabaseIsAskedAgain() {
        registry.refusesNextRegistration(503, "database-away");
        registry.refusesNextRegistration(503, "database-away");
        try (SampleService _ = SampleService.servlet(registry)) {
            awaitBeats(1);

            assertThat(registry.registrations()).hasSize(3);
        }
    }

    @Test
    void beatsKeepTheirRhythmWhileTheRegistryRefusesThem() {
        try (SampleService service = SampleService.servlet(registry)) {
            awaitBeats(1);
            IntStream.range(0, 5).forEach(i -> registry.refusesNextBeat(503, "database-away"));

            awaitBeats(8);

            assertThat(registry.registrations()).hasSize(1);
            assertThat(view(service).standing()).isEqualTo(Standing.MEMBER);
        }
    }

    @Test
    void theTokenIsReadWhenItComesIntoBeing(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("token");
        registry.requiresToken("a-token-of-some-length");
        try (SampleService service = SampleService.servlet(registry, "lepton.token-file=" + file)) {
            await().atMost(SOON)
                    .until(() ->
                            String.valueOf(view(service).problem())
                                    .startsWith("the registry refuses the token"));

            Files.writeString(file, "a-token-of-some-length\n");

            awaitBeats(1);
            assertThat(view(service).problem()).isNull();
        }
    }

    @Test
    void theTokenIsFoundInTheFolderOfThePlatformsState(@TempDir Path home) throws Exception {
        registry.requiresToken("a-token-of-some-length");
        Files.writeString(home.resolve("token"), "a-token-of-some-length\n");

        try (SampleService service = SampleService.servlet(registry, "lepton.home=" + home)) {
            awaitBeats(1);

            assertThat(view(service).problem()).isNull();
        }
    }

    @Test
    void aServiceIsNotRegisteredBeforeItsRunnersAreDone() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        int port = FakeRegistry.freePort();
        FutureTask<SampleService> start =
                new FutureTask<>(() ->
                        SampleService.servletThatRuns(
                                args -> done.await(), registry, "server.port=" + port));
        Thread.ofPlatform().name("main of the service").start(start);
        try {
            await().atMost(START).until(() -> answers(port));

            await().during(A_WHILE).atMost(SOON).until(() -> registry.calls().isEmpty());
            assertThat(start).isNotDone();
        } finally {
            done.countDown();
        }
        try (SampleService service = start.get(START.toSeconds(), TimeUnit.SECONDS)) {
            awaitBeats(1);
            assertThat(view(service).standing()).isEqualTo(Standing.MEMBER);
        }
    }

    private static boolean answers(int port) throws InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI hello = URI.create("http://127.0.0.1:" + port + "/hello");
            return client.send(
                                    HttpRequest.newBuilder(hello).build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            // Not yet.
            return false;
        }
    }

    @Test
    void anApplicationThatBlocksTheCommonPoolKeepsItsPlace() {
        CountDownLatch end = new CountDownLatch(1);
        try (SampleService service = SampleService.servlet(registry)) {
            awaitBeats(1);
            for (int i = 0; i < 64; i++) {
                ForkJoinPool.commonPool().execute(() -> awaitQuietly(end));
            }

            int before = registry.beats().size();
            awaitBeats(before + 10);

            assertThat(view(service).problem()).isNull();
            assertThat(registry.lastBeat().selfCheck()).isEqualTo(SelfCheck.OK);
        } finally {
            end.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void anOperatorsDrainEndsConnectionsAndIsUndone() {
        try (SampleService service = SampleService.servlet(registry, "lepton.unit.id=sample-1")) {
            awaitBeats(1);
            RequestGate gate = service.bean(RequestGate.class);

            registry.answersState(UnitState.DRAINING);
            await().atMost(SOON).until(() -> gate.intake() == Intake.LEAVING);
            var answer = service.get("/hello", "Lepton-Unit", "sample-1");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Connection")).contains("close");

            registry.answersState(UnitState.UP);
            await().atMost(SOON).until(() -> gate.intake() == Intake.OPEN);
            assertThat(service.get("/hello").headers().firstValue("Connection")).isEmpty();
        }
    }

    @Test
    void noErrorOfABeatIsTheEndOfTheBeats() {
        AtomicInteger errors = new AtomicInteger(3);
        try (Membership membership =
                membership(() -> failing(errors, Map.of()), RandomGenerator.getDefault())) {
            membership.start(false, 9000);

            awaitBeats(3);
            assertThat(errors).hasNegativeValue();
            assertThat(membership.view().problem()).isNull();
        }
    }

    @Test
    void aRegistrationThatFailsWithAnErrorIsRepeatedAfterAPause() {
        AtomicInteger errors = new AtomicInteger(1);
        registry.refusesNextRegistration(503, "database-away");
        try (Membership membership =
                membership(
                        Map::of, () -> failing(errors, ThreadLocalRandom.current().nextLong()))) {
            long started = System.nanoTime();
            membership.start(false, 9000);

            awaitBeats(1);
            assertThat(registry.registrations()).hasSize(2);
            assertThat(Duration.ofNanos(System.nanoTime() - started))
                    .isGreaterThan(BeatPlan.FIRST_PAUSE);
        }
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void thatItIsForgottenIsLoggedOnceHoweverOftenABeatHearsIt(CapturedOutput output) {
        try (Membership membership = membership(Map::of, RandomGenerator.getDefault())) {
            membership.start(false, 9000);
            awaitBeats(1);

            registry.refusesNextRegistration(503, "database-away", "Retry-After", "3");
            registry.forgetsEverything();

            awaitBeats(registry.beats().size() + 5);
            assertThat(membership.view().standing()).isEqualTo(Standing.REGISTERING);
            assertThat(output.getAll().split("has forgotten unit sample-1", -1)).hasSize(2);
        }
    }

    private static <T> T failing(AtomicInteger times, T otherwise) {
        if (times.getAndDecrement() > 0) {
            throw new StackOverflowError("as the test wants");
        }
        return otherwise;
    }

    @Test
    void aStartThatIsSupersededIsToldOnce() {
        registry.refusesNextBeat(409, "superseded");
        try (Membership membership = membership(Map::of, RandomGenerator.getDefault())) {
            membership.start(false, 8080);
            await().atMost(START).until(() -> superseded.get() > 0);
        }

        assertThat(superseded).hasValue(1);
    }

    @Test
    void beatsThatAreStoredKeepTheFenceOpen() {
        assertThat(closedAfterThreeBeats()).isFalse();
    }

    @Test
    void beatsThatAreAnsweredAsNotStoredDoNot() {
        registry.stores(false);

        assertThat(closedAfterThreeBeats()).isTrue();
    }

    @Test
    void aRepeatedRegistrationCountsFromTheFirstCallThatMayHaveBeenStored() {
        assertThat(closedAfterTheFirstOfTwoCalls(true)).isTrue();
    }

    @Test
    void aNewRegistrationCountsFromItsOwnCall() {
        assertThat(closedAfterTheFirstOfTwoCalls(false)).isFalse();
    }

    /** Whether the fence is closed before it can be by the count from the second call. */
    private boolean closedAfterTheFirstOfTwoCalls(boolean repeated) {
        registry.fence(new FenceTerms(SOON, SOON.multipliedBy(2)));
        registry.stores(false);
        registry.knows(repeated);
        registry.refusesNextRegistration(503, "database-away", "Retry-After", "2");
        try (Membership membership = membership(Map::of, RandomGenerator.getDefault())) {
            membership.start(false, 8080);
            await().atMost(START).until(() -> registry.registrations().size() == 1);
            long first = System.nanoTime();
            awaitBeats(1);
            return fence.closed(first + SOON.toNanos());
        }
    }

    /** Whether the fence is closed so long after the registration as it allows. */
    private boolean closedAfterThreeBeats() {
        registry.fence(new FenceTerms(SOON, SOON.multipliedBy(2)));
        try (Membership membership = membership(Map::of, RandomGenerator.getDefault())) {
            membership.start(false, 8080);
            awaitBeats(1);
            long registered = System.nanoTime();
            awaitBeats(4);
            return fence.closed(registered + SOON.toNanos());
        }
    }

    private Membership membership(HealthStatus health, RandomGenerator random) {
        ThisUnit unit =
                new ThisUnit(
                        new UnitSettings(
                                new UnitId("sample-1"),
                                StartId.random(),
                                new ServiceName("sample"),
                                null,
                                "127.0.0.1",
                                null,
                                null,
                                100,
                                null,
                                Map.of()));
        List<URI> urls = List.of(URI.create(registry.url()));
        return new Membership(
                unit,
                new AdvertisedHost("127.0.0.1", urls, Duration.ofMillis(500)),
                new RegistryAccess(urls, Path.of("no-token"), Duration.ofSeconds(2)),
                new RequestGate(unit::isNamed, _ -> false, System::nanoTime),
                new RequestCounts(System::nanoTime),
                new SelfChecker(
                        SelfCheckPath.of(null),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(3),
                        () -> 0,
                        System::nanoTime),
                health,
                InstantSource.system(),
                System::nanoTime,
                random,
                1,
                fence,
                superseded::incrementAndGet);
    }

    private void awaitBeats(int count) {
        await().atMost(SOON).until(() -> registry.beats().size() >= count);
    }

    private static MembershipView view(SampleService service) {
        return service.bean(Membership.class).view();
    }
}

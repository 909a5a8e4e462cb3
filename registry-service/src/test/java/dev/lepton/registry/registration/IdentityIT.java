package dev.lepton.registry.registration;

import static dev.lepton.registry.support.RestUnit.code;
import static dev.lepton.registry.support.RestUnit.incarnation;
import static dev.lepton.registry.support.RestUnit.startOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.registry.support.FreshDatabase;
import dev.lepton.registry.support.RestUnit;
import dev.lepton.registry.support.RunningRegistry;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityIT {

    /** The units of these tests beat once, and are looked at when the machine has time for it. */
    private static final String[] LONG_LEASES = {
        "lepton.lease.suspect-after=5m", "lepton.lease.duration=10m"
    };

    @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();

    private static RunningRegistry registry;
    private static RunningRegistry replica;

    private final String unit = "worker-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        registry = RunningRegistry.start(database, LONG_LEASES);
        replica = RunningRegistry.start(database, LONG_LEASES);
    }

    @AfterAll
    static void stop() {
        replica.close();
        registry.close();
    }

    @Test
    void registrationWhoseAnswerWasLostIsAnsweredTheSameAgain() {
        RestUnit start = startOf(registry, unit);
        start.register();

        HttpResponse<String> again = start.register();
        HttpResponse<String> elsewhere = start.register(replica);

        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(elsewhere.statusCode()).isEqualTo(200);
        assertThat(incarnation(again)).isEqualTo(1);
        assertThat(incarnation(elsewhere)).isEqualTo(1);
        assertThat(logged()).containsExactly("registered");
    }

    @Test
    void repeatsThatRaceAtTwoReplicasAdmitTheStartOnce() {
        RestUnit start = startOf(registry, unit);

        List<HttpResponse<String>> answers =
                atOnce(16, i -> start.register(i % 2 == 0 ? registry : replica));

        assertThat(answers)
                .extracting(HttpResponse::statusCode)
                .containsOnly(200, 201)
                .containsOnlyOnce(201);
        assertThat(answers).extracting(RestUnit::incarnation).containsOnly(1L);
        assertThat(logged()).containsExactly("registered");
    }

    @Test
    void startsThatRaceForAUnitAtTwoReplicasLeaveOneHolder() {
        List<RestUnit> starts =
                IntStream.range(0, 16).mapToObj(_ -> startOf(registry, unit)).toList();

        List<HttpResponse<String>> answers =
                atOnce(16, i -> starts.get(i).register(i % 2 == 0 ? registry : replica));

        assertThat(answers)
                .extracting(HttpResponse::statusCode)
                .containsOnly(201, 409)
                .containsOnlyOnce(201);
        assertThat(answers).filteredOn(a -> a.statusCode() == 409).allMatch(a -> inUse(a));
        assertThat(logged()).containsExactly("registered");
    }

    @Test
    void startThatFindsTheUnitInUseIsToldToWaitForTheLease() {
        startOf(registry, unit).up();

        HttpResponse<String> refused = startOf(registry, unit).register();

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(code(refused)).isEqualTo("in-use");
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 600L);
    }

    @Test
    void holderThatExitedAndWasReplacedIsRefusedForEver() {
        RestUnit exited = startOf(registry, unit).up();
        awaitState(exited, UnitState.UP);
        exited.exited(137);
        RestUnit next = startOf(registry, unit);
        assertThat(incarnation(next.register())).isEqualTo(2);
        next.beat();
        awaitState(next, UnitState.UP);
        UnitView before = next.view();

        assertSuperseded(exited.beat());
        assertSuperseded(exited.drain());
        assertSuperseded(exited.deregister());
        assertSuperseded(exited.register());
        assertSuperseded(exited.register(replica));

        assertThat(next.view()).isEqualTo(before);
        assertThat(before.startId()).isEqualTo(next.start());
    }

    @Test
    void exitThatWasAskedForStopsTheUnit() {
        RestUnit start = startOf(registry, unit).up();
        awaitState(start, UnitState.UP);

        assertThat(start.stopped().statusCode()).isEqualTo(204);

        assertThat(start.state()).isEqualTo(UnitState.STOPPED);
        assertThat(start.view().reason()).isEqualTo("stopped with code 0");
        assertThat(logged()).endsWith("stopped");
    }

    @ParameterizedTest(name = "asked for: {0}")
    @ValueSource(booleans = {false, true})
    void lateExitReportOfAnOlderStartChangesNothing(boolean expected) {
        RestUnit older = startOf(registry, unit).up();
        assertThat(older.exited(1).statusCode()).isEqualTo(204);
        assertThat(older.state()).isEqualTo(UnitState.DOWN);
        RestUnit next = startOf(registry, unit);
        next.up();
        awaitState(next, UnitState.UP);
        UnitView before = next.view();

        HttpResponse<String> late = expected ? older.stopped() : older.exited(1);

        assertThat(late.statusCode()).isEqualTo(204);
        assertThat(next.view()).isEqualTo(before);
    }

    @Test
    void startThatExitedIsRefusedForEverAndItsLateBeatToo() {
        RestUnit start = startOf(registry, unit).up();
        assertThat(start.exited(1).statusCode()).isEqualTo(204);

        assertSuperseded(start.beat());
        assertSuperseded(start.register());
    }

    @Test
    void startThatDeregisteredGivesItsPlaceAtOnce() {
        RestUnit start = startOf(registry, unit).up();
        awaitState(start, UnitState.UP);
        assertThat(start.drain().statusCode()).isEqualTo(200);
        assertThat(start.state()).isEqualTo(UnitState.DRAINING);
        assertThat(start.deregister().statusCode()).isEqualTo(204);
        assertThat(start.state()).isEqualTo(UnitState.STOPPED);

        RestUnit next = startOf(registry, unit);

        assertThat(incarnation(next.register())).isEqualTo(2);
        assertSuperseded(start.register());
    }

    @Test
    void unitIsNotGivenToAnotherServiceWhileItsHolderLives() {
        startOf(registry, unit).up();

        assertThat(inUse(startOf(registry, unit).of("billing").register())).isTrue();
    }

    @Test
    void beatIsAnsweredByAReplicaThatHasYetToHearOfTheUnit() {
        RestUnit start = startOf(replica, unit);
        start.register(registry);

        assertThat(start.beat().statusCode()).isEqualTo(200);
    }

    @Test
    void beatOfAStartThatNobodyAdmittedIsToRegister() {
        HttpResponse<String> answer = startOf(registry, unit).beat();

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(code(answer)).isEqualTo("not-registered");
    }

    private static boolean inUse(HttpResponse<String> answer) {
        return answer.statusCode() == 409 && code(answer).equals("in-use");
    }

    private static void assertSuperseded(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
        assertThat(code(answer)).isEqualTo("superseded");
    }

    private static void awaitState(RestUnit start, UnitState state) {
        await().atMost(Duration.ofSeconds(5)).until(start::state, state::equals);
    }

    private List<String> logged() {
        return database.logged(unit);
    }

    private static List<HttpResponse<String>> atOnce(
            int times, IntFunction<HttpResponse<String>> call) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return IntStream.range(0, times)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> answer(call, i), threads))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();
        }
    }

    /** As a client does: whoever is told to come again comes again. */
    private static HttpResponse<String> answer(IntFunction<HttpResponse<String>> call, int i) {
        HttpResponse<String> answer = call.apply(i);
        for (int again = 0; again < 20 && answer.statusCode() == 503; again++) {
            answer = call.apply(i);
        }
        return answer;
    }
}

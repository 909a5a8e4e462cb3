package dev.lepton.registry.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.watch.Change;
import dev.lepton.registry.changelog.ChangeLog;
import dev.lepton.registry.changelog.LoggedChange;
import dev.lepton.registry.outage.Answers.Answer;
import dev.lepton.registry.postgres.OwnPostgres;
import dev.lepton.registry.support.RunningRegistry;
import java.nio.file.Files;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A registry with its clients, whose PostgreSQL is away for longer than a unit may be silent: what
 * each client is answered meanwhile, and how soon all is well afterwards.
 */
final class Trial implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration BEAT = Duration.ofMillis(50);

    /**
     * A short run has no machine for itself: all but a few, within what no wait for PostgreSQL is.
     */
    private static final double MOST = Bounds.ENDURANCE ? 0.99 : 0.9;

    private static final Duration SLOW_BEAT = Bounds.length(BEAT, Duration.ofMillis(150));

    /** A second for a connection, two for an answer on it. */
    private static final Duration REFUSAL = Duration.ofSeconds(3);

    private static final Duration CONVERGENCE = Duration.ofSeconds(5);
    private static final Duration SUSPECT_AFTER = Duration.ofSeconds(1);

    private final Place place;
    private final RunningRegistry registry;
    private final Clients clients;

    private Trial(Place place, RunningRegistry registry) {
        this.place = place;
        this.registry = registry;
        this.clients = Clients.of(registry);
    }

    /**
     * @param hosts as in a JDBC URL
     */
    static Trial at(Place place, String hosts) throws Exception {
        Trial trial =
                new Trial(
                        place,
                        RunningRegistry.startEmbedded(
                                Files.createTempDirectory("lepton-registry"),
                                "spring.datasource.url=" + OwnPostgres.url(hosts),
                                "spring.datasource.username=" + place.postgres().username(),
                                "spring.datasource.password=" + place.postgres().password(),
                                "lepton.lease.heartbeat-interval=200ms",
                                "lepton.lease.heartbeat-timeout=100ms",
                                "lepton.lease.suspect-after=" + SUSPECT_AFTER.toMillis() + "ms",
                                "lepton.lease.duration=2s"));
        await().atMost(PATIENCE).until(trial.clients::areServed);
        return trial;
    }

    void endure(Fault fault, Duration length) throws Exception {
        System.out.println("PostgreSQL is " + fault);
        int sessions = clients.watch.sessions();
        clients.forgetAnswers();

        long ageSeen = away(fault, length);
        Bounds.holds("convergence", convergence(), CONVERGENCE);

        print(ageSeen);
        assertThat(clients.beats.all()).allMatch(answer -> answer.status() == 200);
        assertThat(clients.reads.all()).allMatch(answer -> answer.status() == 200);
        Bounds.holds("half of the beats", clients.beats.percentile(0.5), BEAT);
        Bounds.holds(
                "beats, %.0f of 100".formatted(100 * MOST),
                clients.beats.percentile(MOST),
                SLOW_BEAT);
        Bounds.holds("registrations", clients.registrations.slowest(), REFUSAL);
        if (!fault.endsTheWatch()) {
            assertThat(clients.watch.sessions()).as("the watch went on").isEqualTo(sessions);
        }
        if (fault.storesNothing()) {
            assertThat(ageSeen).isGreaterThanOrEqualTo(SUSPECT_AFTER.toMillis());
            assertThat(byStatus()).containsKey(503);
        }
        assertThat(clients.registrations.all().filter(answer -> answer.status() != 201))
                .allSatisfy(Trial::assertRefused);
        assertNothingIsLost();
    }

    private static void assertRefused(Answer answer) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(503);
        assertThat(answer.response().headers().firstValue("Retry-After")).isPresent();
    }

    /** Answers how old the view was at the end, as readers were told. */
    private long away(Fault fault, Duration length) throws Exception {
        fault.begin(place);
        try {
            long begun = System.nanoTime();
            await().atMost(length.plus(PATIENCE))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> Bounds.since(begun).compareTo(length) > 0);
            return clients.ageOfReads();
        } finally {
            fault.end(place);
        }
    }

    private Duration convergence() {
        long back = System.nanoTime();
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(clients::areServed);
        return Bounds.since(back);
    }

    private void print(long ageSeen) {
        System.out.printf(
                "  %d beats, p99 %d ms, slowest %d ms; %d reads, slowest %d ms, told an age of %d ms; registrations %s%n",
                clients.beats.all().count(),
                clients.beats.percentile(0.99).toMillis(),
                clients.beats.slowest().toMillis(),
                clients.reads.all().count(),
                clients.reads.slowest().toMillis(),
                ageSeen,
                byStatus());
    }

    private Map<Integer, Long> byStatus() {
        return clients.registrations
                .all()
                .collect(Collectors.groupingBy(Answer::status, Collectors.counting()));
    }

    private void assertNothingIsLost() throws Exception {
        try (Connection connection = place.postgres().superuser()) {
            assertThat(clients.watch.violations(() -> log(connection))).isEmpty();
            Map<String, String> acknowledged = clients.acknowledged();
            assertThat(starts(connection)).containsAllEntriesOf(acknowledged);
            assertThat(fallsOfBeatingUnits(connection)).isEmpty();
        }
    }

    private static List<Change> log(Connection connection) throws Exception {
        return ChangeLog.after(connection, 0, Integer.MAX_VALUE).stream()
                .map(LoggedChange::view)
                .toList();
    }

    private static Map<String, String> starts(Connection connection) throws Exception {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT unit_id, start_id FROM unit_start")) {
            Map<String, String> starts = new HashMap<>();
            while (rows.next()) {
                starts.put(rows.getString(1), rows.getString(2));
            }
            return starts;
        }
    }

    /**
     * All that may happen to a unit that beats is that it comes up. A short run has no machine for
     * itself, so that a beat may be late enough for a suspicion, which evicts nobody.
     */
    private static List<String> fallsOfBeatingUnits(Connection connection) throws Exception {
        try (var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                """
                                SELECT unit_id || ' ' || event || ': ' || reason FROM change_log
                                WHERE unit_id LIKE 'beating-%%'
                                  AND to_state NOT IN ('STARTING', 'UP', '%s')\
                                """
                                        .formatted(Bounds.ENDURANCE ? "UP" : "SUSPECT"))) {
            List<String> falls = new ArrayList<>();
            while (rows.next()) {
                falls.add(rows.getString(1));
            }
            return falls;
        }
    }

    @Override
    public void close() throws Exception {
        try (Place all = place;
                RunningRegistry last = registry) {
            clients.close();
        }
    }
}

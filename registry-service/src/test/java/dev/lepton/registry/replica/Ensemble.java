package dev.lepton.registry.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.desired.DesiredWish;
import dev.lepton.client.rest.BearerToken;
import dev.lepton.client.rest.RegistryClient;
import dev.lepton.client.rest.RegistryRefusal;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.leader.Leadership;
import dev.lepton.registry.support.FreshDatabase;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Replicas on one database, units that beat through all of them, and clients that follow the watch.
 */
final class Ensemble implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int UNITS = 16;
    private static final String TOKEN = "the-token-of-all-replicas";

    private final FreshDatabase database;
    private final Pace pace;
    private final LongSupplier nanos;
    private final BearerToken token = BearerToken.of(TOKEN);
    private final List<ReplicaProcess> replicas = new ArrayList<>();
    private final List<BeatingUnit> units = new ArrayList<>();
    private final List<Follower> followers = new ArrayList<>();
    private final ScheduledExecutorService beats = Executors.newScheduledThreadPool(UNITS);

    /**
     * @param size how many replicas
     */
    Ensemble(FreshDatabase database, Path home, int size, Pace pace, LongSupplier nanos)
            throws IOException {
        this.database = database;
        this.pace = pace;
        this.nanos = nanos;
        Path tokenFile =
                Files.createFile(
                        home.resolve("token"),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        Files.writeString(tokenFile, TOKEN);
        List<String> settings = new ArrayList<>(pace.settings());
        settings.add("lepton.token-file=" + tokenFile);
        for (int i = 1; i <= size; i++) {
            String name = "registry-" + i;
            replicas.add(new ReplicaProcess(name, database, home.resolve(name), settings));
        }
        for (int i = 1; i <= UNITS; i++) {
            units.add(new BeatingUnit("worker-" + i, urls(), token, pace.beatTimeout(), nanos));
        }
        for (int i = 1; i <= replicas.size(); i++) {
            followers.add(new Follower("follower-" + i, urls(), token, nanos));
        }
    }

    void start() throws IOException {
        for (ReplicaProcess replica : replicas) {
            replica.start();
        }
        awaitAll();
        followers.forEach(Follower::start);
        long between = pace.beat().toNanos() / UNITS;
        for (int i = 0; i < UNITS; i++) {
            BeatingUnit unit = units.get(i);
            // The first calls of a process are slow where the machine is.
            patiently()
                    .ignoreExceptionsInstanceOf(RegistryRefusal.Unavailable.class)
                    .untilAsserted(unit::register);
            beats.scheduleAtFixedRate(
                    unit::beat, i * between, pace.beat().toNanos(), TimeUnit.NANOSECONDS);
        }
        patiently().until(() -> units.stream().allMatch(u -> phase(u).equals("UP")));
        units.forEach(BeatingUnit::measureAnew);
    }

    /** Lets a follower watch, and units beat, through each of the replicas. */
    void spread() throws IOException {
        for (int i = 0; i < followers.size(); i++) {
            followers.get(i).moveTo(i);
        }
        patiently()
                .pollDelay(Duration.ZERO)
                .pollInterval(pace.beat().multipliedBy(2))
                .until(() -> {
                    if (replicas.stream().allMatch(r -> unitsBehind(idOf(r)) > 0)) {
                        return true;
                    }
                    beating().forEach(BeatingUnit::drawAnew);
                    return false;
                });
        units.forEach(BeatingUnit::measureAnew);
    }

    UUID idOf(ReplicaProcess replica) {
        ReplicaProcess.State state = replica.state();
        if (state == null) {
            throw new AssertionError(replica + " does not answer:\n" + replica.output());
        }
        return state.id();
    }

    /** How many units have their last stored beat through this process, of those that beat. */
    long unitsBehind(UUID replica) {
        return database.jdbc()
                .sql("SELECT count(*) FROM unit_mark WHERE replica = ? AND unit_id = ANY (?)")
                .params(replica, beating().map(unit -> unit.id().value()).toArray(String[]::new))
                .query(Long.class)
                .single();
    }

    /** How long it takes until the last stored beats of all units came through other replicas. */
    Duration leftSince(long then, UUID replica) {
        patiently().until(() -> unitsBehind(replica) == 0);
        return since(then);
    }

    List<ReplicaProcess> replicas() {
        return replicas;
    }

    List<BeatingUnit> units() {
        return units;
    }

    List<Follower> followers() {
        return followers;
    }

    /** The replica whose row PostgreSQL has. */
    ReplicaProcess leader() {
        UUID holder = holder();
        return replicas.stream()
                .filter(r -> is(r, holder))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no replica is " + holder));
    }

    /** One that does not lead. */
    ReplicaProcess follower() {
        ReplicaProcess leader = leader();
        return replicas.stream().filter(r -> r != leader).findFirst().orElseThrow();
    }

    long epoch() {
        return database.jdbc()
                .sql("SELECT epoch FROM leader WHERE role = ?")
                .param(Leadership.ROLE)
                .query(Long.class)
                .single();
    }

    /** How long it takes from now on until another leads. */
    Duration handOverFrom(long epoch, long since) {
        patiently().until(() -> epoch() > epoch && holder() != null);
        return since(since);
    }

    /** Has this replica store something. */
    void writeAt(ReplicaProcess replica) {
        try (RegistryClient client = clientOf(replica)) {
            client.putDesired(
                    units.getFirst().id(),
                    new DesiredWish(
                            new ServiceName("worker"),
                            null,
                            null,
                            null,
                            null,
                            null,
                            "after " + revision()));
        }
    }

    /** How long it takes until a replica knows what is stored now. */
    Duration known(ReplicaProcess replica) {
        long since = now();
        long stored = revision();
        patiently()
                .until(() -> {
                    ReplicaProcess.State state = replica.state();
                    return state != null && state.revision() >= stored;
                });
        return since(since);
    }

    /** Talks to this replica alone. */
    RegistryClient clientOf(ReplicaProcess replica) {
        return new RegistryClient(List.of(replica.url()), token, Duration.ofSeconds(20));
    }

    void awaitHeld(Relay toPostgres) {
        patiently().until(() -> toPostgres.held() > 0);
    }

    /** Takes one of those that beat, and lets it beat no more. */
    BeatingUnit silence() {
        BeatingUnit unit = units.stream().filter(u -> !u.silent()).findFirst().orElseThrow();
        unit.fallSilent();
        return unit;
    }

    /** Takes one whose last stored beat came through this process. */
    BeatingUnit silenceBehind(UUID replica) {
        List<String> behind =
                database.jdbc()
                        .sql("SELECT unit_id FROM unit_mark WHERE replica = ?")
                        .param(replica)
                        .query(String.class)
                        .list();
        BeatingUnit unit =
                beating().filter(u -> behind.contains(u.id().value())).findFirst().orElseThrow();
        unit.fallSilent();
        return unit;
    }

    /** How long after its last beat PostgreSQL says that it is down. */
    Duration downAfterLastBeat(BeatingUnit unit) {
        patiently().until(() -> phase(unit).equals("DOWN_SILENT"));
        return since(unit.lastSent());
    }

    /** All replicas answer, and know what PostgreSQL knows. */
    void awaitAll() {
        try {
            patiently().until(() -> replicas.stream().allMatch(this::knowsAll) && holder() != null);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    replicas.stream()
                            .map(r -> "%s: %s%n%s".formatted(r, r.state(), r.output()))
                            .collect(Collectors.joining("\n")),
                    e);
        }
    }

    long revision() {
        return database.jdbc()
                .sql("SELECT revision FROM revision_counter")
                .query(Long.class)
                .single();
    }

    /** Waits until a span is over that began then. */
    void lasted(long begun, Duration span) {
        patiently().until(() -> since(begun).compareTo(span) >= 0);
    }

    Duration since(long then) {
        return Duration.ofNanos(nanos.getAsLong() - then);
    }

    long now() {
        return nanos.getAsLong();
    }

    /** What the units that beat have met since they were last asked. */
    Duration longestGap() {
        return beating().map(BeatingUnit::longestGap).max(Duration::compareTo).orElseThrow();
    }

    Duration slowestBeat() {
        return beating().map(BeatingUnit::slowest).max(Duration::compareTo).orElseThrow();
    }

    /**
     * Those that beat, but for units that the machine kept from it: they miss two beats or more.
     */
    Set<UnitId> witnesses() {
        return beating()
                .filter(u -> u.longestPause().compareTo(pace.beat().multipliedBy(2)) < 0)
                .map(BeatingUnit::id)
                .collect(Collectors.toSet());
    }

    Stream<BeatingUnit> beating() {
        return units.stream().filter(u -> !u.silent());
    }

    private boolean knowsAll(ReplicaProcess replica) {
        ReplicaProcess.State state = replica.state();
        replica.requireAlive();
        return state != null && state.revision() >= revision() && state.ageMillis() < 2_000;
    }

    private static boolean is(ReplicaProcess replica, @Nullable UUID id) {
        ReplicaProcess.State state = replica.state();
        return state != null && state.id().equals(id);
    }

    private @Nullable UUID holder() {
        return database.jdbc()
                .sql("SELECT holder FROM leader WHERE role = ? AND holder IS NOT NULL")
                .param(Leadership.ROLE)
                .query(UUID.class)
                .optional()
                .orElse(null);
    }

    private String phase(BeatingUnit unit) {
        return database.jdbc()
                .sql("SELECT phase FROM unit WHERE id = ?")
                .param(unit.id().value())
                .query(String.class)
                .single();
    }

    private List<URI> urls() {
        return replicas.stream().map(ReplicaProcess::url).toList();
    }

    private static ConditionFactory patiently() {
        return await().atMost(PATIENCE).pollInterval(Duration.ofMillis(25));
    }

    @Override
    public void close() throws IOException {
        beats.shutdownNow();
        for (Follower follower : followers) {
            follower.close();
        }
        units.forEach(BeatingUnit::close);
        for (ReplicaProcess replica : replicas) {
            replica.close();
        }
        assertThat(beats.isShutdown()).isTrue();
    }

    /**
     * How fast all goes.
     *
     * @param flush how often marks are written, and looked at
     */
    record Pace(
            Duration beat,
            Duration beatTimeout,
            Duration flush,
            Duration suspectAfter,
            Duration lease) {

        List<String> settings() {
            return List.of(
                    "lepton.lease.heartbeat-interval=" + beat.toMillis() + "ms",
                    "lepton.lease.heartbeat-timeout=" + beatTimeout.toMillis() + "ms",
                    "lepton.lease.flush-interval=" + flush.toMillis() + "ms",
                    "lepton.lease.sweep-interval=" + flush.toMillis() + "ms",
                    "lepton.lease.suspect-after=" + suspectAfter.toMillis() + "ms",
                    "lepton.lease.duration=" + lease.toMillis() + "ms",
                    "lepton.leader.renew-interval=" + lease.dividedBy(6).toMillis() + "ms",
                    "lepton.leader.lease=" + lease.toMillis() + "ms",
                    "lepton.silence.window=" + lease.toMillis() + "ms");
        }
    }
}

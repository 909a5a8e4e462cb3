package dev.lepton.registry.postgres;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL of a test's own, which nobody restarts: it may be killed, frozen and starved. */
public final class OwnPostgres implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final PostgresHome home;
    private final PostgresCluster cluster;
    private final PostgresAccess access;
    private @Nullable Process process;

    private OwnPostgres(PostgresHome home, PostgresCluster cluster, PostgresAccess access) {
        this.home = home;
        this.cluster = cluster;
        this.access = access;
    }

    /** Not started yet; all that are made so have the same content, and the same identity. */
    public static OwnPostgres in(Path folder) throws IOException {
        PostgresHome home = PostgresHome.under(Homes.usedIn(folder));
        PrivilegeDrop privileges = PrivilegeDrop.detect();
        privileges.open(home);
        int port = new PortFile(home.portFile()).chosenOnce(new SecureRandom());
        String password = new SecretFile(home.passwordFile()).read();
        PostgresCluster cluster =
                new PostgresCluster(home, PostgresBinaries.unpacked(home.binaries()), privileges);
        OwnPostgres made = new OwnPostgres(home, cluster, new PostgresAccess(port, password));
        // In a session of its own, it would outlive a test that fails before it can close it.
        Runtime.getRuntime().addShutdownHook(new Thread(made::endAtOnce));
        return made;
    }

    /** Settings for the next start. */
    public OwnPostgres with(String... lines) throws IOException {
        append("local.conf", lines);
        return this;
    }

    /** Keeps its log in another folder, as on a disk of its own. */
    public OwnPostgres walIn(Path folder) throws IOException {
        Path wal = data().resolve("pg_wal");
        Path elsewhere = Files.createDirectory(folder.resolve("pg_wal"));
        try (Stream<Path> files = Files.walk(wal)) {
            for (Path file : files.filter(one -> !one.equals(wal)).toList()) {
                Files.copy(file, elsewhere.resolve(wal.relativize(file).toString()));
            }
        }
        Folders.delete(wal);
        cluster.privileges().own(elsewhere);
        Files.createSymbolicLink(wal, elsewhere);
        cluster.privileges().own(data());
        return this;
    }

    /** Lets another one follow this one. */
    public OwnPostgres replicating() throws IOException {
        append("pg_hba.conf", "host replication all 127.0.0.1/32 scram-sha-256");
        return this;
    }

    /** Follows another one that was made like this one, from its next start on. */
    public OwnPostgres following(OwnPostgres primary, String name) throws IOException {
        Files.createFile(data().resolve("standby.signal"));
        return with(
                "primary_conninfo = 'host=127.0.0.1 port=%d user=postgres password=%s application_name=%s'"
                        .formatted(primary.port(), primary.superuserPassword(), name));
    }

    public OwnPostgres start() throws IOException {
        Process started = launch();
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> answers(started) || !started.isAlive());
        if (!started.isAlive()) {
            throw new IllegalStateException("it has ended: " + Files.readString(home.startLog()));
        }
        return this;
    }

    private Process launch() throws IOException {
        cluster.configure(access.port());
        Postmaster.disownReusedPid(home.data());
        Process started =
                Commands.builder(cluster.serverCommand())
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(home.startLog().toFile())
                        .start();
        process = started;
        return started;
    }

    private boolean answers(Process started) {
        return Postmaster.saysReady(home.data(), started.pid())
                && new ServerProbe(access, home.clusterName()).look()
                        instanceof ServerProbe.Finding.Ours;
    }

    /** Unless it has come back by itself, as after the crash of a session. */
    public void startAgainIfEnded() throws IOException {
        Process last = Objects.requireNonNull(process, "it was never started");
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> answers(last) || !last.isAlive());
        if (!last.isAlive()) {
            start();
        }
    }

    /** {@code kill -9}; returns when its sessions have ended too, as they do by themselves. */
    public void kill() {
        List<ProcessHandle> all = tree();
        if (process != null) {
            process.destroyForcibly();
        }
        awaitEndOf(all);
    }

    /** As the kernel, or an operator in a hurry, ends it; the next start replays its log. */
    public void stopAtOnce() throws IOException {
        List<ProcessHandle> all = tree();
        signal("-QUIT", all.subList(0, Math.min(1, all.size())));
        awaitEndOf(all);
    }

    private void endAtOnce() {
        tree().reversed().forEach(ProcessHandle::destroyForcibly);
    }

    private static void awaitEndOf(List<ProcessHandle> all) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
    }

    /** The whole tree of processes. */
    public void freeze() throws IOException {
        signal("-STOP", tree());
    }

    public void thaw() throws IOException {
        signal("-CONT", tree());
    }

    public int port() {
        return access.port();
    }

    public String username() {
        return access.username();
    }

    public String password() {
        return access.password();
    }

    /** Its database, reached by any list of hosts and ports. */
    public static String url(String hosts) {
        return "jdbc:postgresql://%s/%s".formatted(hosts, PostgresAccess.DATABASE);
    }

    public Connection superuser() throws SQLException {
        return DriverManager.getConnection(
                url("127.0.0.1:" + port()), "postgres", superuserPassword());
    }

    public Connection connection() throws SQLException {
        return DriverManager.getConnection(access.url(), username(), password());
    }

    public void execute(String... statements) throws SQLException {
        try (Connection connection = superuser();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Where all of its files are. */
    public Path home() {
        return home.leptonHome();
    }

    private Path data() {
        return home.data();
    }

    private String superuserPassword() {
        return new SecretFile(home.superuserPasswordFile()).read();
    }

    private List<ProcessHandle> tree() {
        Process root = process;
        return root == null || !root.isAlive()
                ? List.of()
                : Stream.concat(Stream.of(root.toHandle()), root.descendants()).toList();
    }

    private static void signal(String signal, List<ProcessHandle> processes) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("sh", "-c", "kill " + signal + " \"$@\"", ""));
        processes.forEach(one -> command.add(Long.toString(one.pid())));
        if (!processes.isEmpty()) {
            Commands.run(command, "");
        }
    }

    private void append(String file, String... lines) throws IOException {
        Files.write(data().resolve(file), List.of(lines), StandardOpenOption.APPEND);
    }

    @Override
    public void close() throws IOException {
        thaw();
        kill();
        if (process != null) {
            try {
                process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

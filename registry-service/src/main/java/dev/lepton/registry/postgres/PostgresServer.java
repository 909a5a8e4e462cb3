package dev.lepton.registry.postgres;

import dev.lepton.registry.time.NanoClock;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server of one home, run by this process: brought up or adopted, kept up, and stopped on
 * close.
 */
public final class PostgresServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(PostgresServer.class);

    /** Replaying the log after a crash takes as long as the disk needs. */
    private static final Duration START_LIMIT = Duration.ofMinutes(5);

    private static final Duration ADOPTION_LIMIT = Duration.ofSeconds(10);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final Duration QUIT_LIMIT = Duration.ofSeconds(5);
    private static final Duration STEADY = Duration.ofMinutes(1);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration PROGRESS = Duration.ofSeconds(5);
    private static final long FIRST_RESTART_DELAY_MILLIS = 100;

    /** So short that whoever waits for room on a full disk does not wait for this as well. */
    private static final long MAX_RESTART_DELAY_MILLIS = 3_000;

    /** Of restarts that fail one after the other, every so many are told. */
    private static final int TOLD_FAILURES = 20;

    private final PostgresHome home;
    private final HomeLock lock;
    private final PostgresCluster cluster;
    private final PortFile portFile;
    private final PostgresAccess access;
    private final ServerProbe probe;
    private final ServerLog serverLog;
    private final NanoClock clock;
    private final ScheduledExecutorService watch =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("postgres-watch").factory());

    private volatile @Nullable Postmaster postmaster;
    private long restartDelayMillis;
    private int failedRestarts;
    private volatile boolean closing;

    private PostgresServer(
            PostgresHome home,
            HomeLock lock,
            PostgresCluster cluster,
            PostgresAccess access,
            NanoClock clock) {
        this.home = home;
        this.lock = lock;
        this.cluster = cluster;
        this.portFile = new PortFile(home.portFile());
        this.access = access;
        this.probe = new ServerProbe(access, home.clusterName());
        this.serverLog = new ServerLog(home);
        this.clock = clock;
    }

    /**
     * Returns when the server takes connections.
     *
     * @throws PostgresRefusal when it cannot be had
     */
    public static PostgresServer start(Path leptonHome, NanoClock clock) {
        long began = clock.nanos();
        PostgresHome home = PostgresHome.under(leptonHome);
        HomeLock lock = HomeLock.take(home.lockFile());
        try {
            PrivilegeDrop privileges = PrivilegeDrop.detect();
            privileges.open(home);
            PostgresBinaries binaries = PostgresBinaries.unpacked(home.binaries());
            PostgresServer server =
                    assembled(home, lock, new PostgresCluster(home, binaries, privileges), clock);
            server.comeUpFirst();
            server.watch.scheduleWithFixedDelay(server.serverLog::trim, 0, 60, TimeUnit.SECONDS);
            log.info(
                    "PostgreSQL answers at {} ({}, {}) after {} ms",
                    server.access.url(),
                    home.folder(),
                    privileges.description(),
                    Duration.ofNanos(clock.nanos() - began).toMillis());
            return server;
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** How to reach the database. */
    public PostgresAccess access() {
        return access;
    }

    /** Null when the server answers, else why it does not. */
    public @Nullable String trouble() {
        return switch (probe.look()) {
            case ServerProbe.Finding.Ours _ -> null;
            case ServerProbe.Finding.Foreign(String why) -> why;
            case ServerProbe.Finding.Silent(String why) -> why;
        };
    }

    /** Stops the server: all sessions end, everything is written. */
    @Override
    public void close() {
        closing = true;
        watch.shutdownNow();
        awaitEndOfWatch();
        Postmaster running = postmaster;
        if (running != null) {
            running.stopFast();
            if (!running.exitsWithin(STOP_LIMIT)) {
                log.warn("PostgreSQL did not stop within {}, and is told to quit", STOP_LIMIT);
                end(running);
            }
        }
        lock.close();
        log.info("PostgreSQL of {} is stopped", home.folder());
    }

    private void awaitEndOfWatch() {
        try {
            if (!watch.awaitTermination(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                log.warn("A restart of PostgreSQL is still under way while it is to stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static PostgresServer assembled(
            PostgresHome home, HomeLock lock, PostgresCluster cluster, NanoClock clock) {
        SecretFile passwordFile = new SecretFile(home.passwordFile());
        SecretFile superuserFile = new SecretFile(home.superuserPasswordFile());
        boolean exists = cluster.exists();
        boolean renewed = !exists || passwordFile.isMissing() || superuserFile.isMissing();
        int port = new PortFile(home.portFile()).chosenOnce(new SecureRandom());
        if (exists) {
            cluster.requireReadable();
        }
        if (renewed) {
            renewPasswords(home, cluster, port);
        } else {
            // A damaged one is said now, not when somebody needs it.
            superuserFile.read();
        }
        return new PostgresServer(
                home, lock, cluster, new PostgresAccess(port, passwordFile.read()), clock);
    }

    /**
     * The files are missing until the server knows what is then stored in them: whenever this is
     * cut short, the next start does it again.
     */
    private static void renewPasswords(PostgresHome home, PostgresCluster cluster, int port) {
        SecretFile passwordFile = new SecretFile(home.passwordFile());
        SecretFile superuserFile = new SecretFile(home.superuserPasswordFile());
        String password = SecretFile.newPassword();
        String superuserPassword = SecretFile.newPassword();
        passwordFile.delete();
        superuserFile.delete();
        if (cluster.exists()) {
            log.warn("A password file was missing in {}: new passwords are set", home.folder());
            stopWhatRuns(home);
            cluster.configure(port);
            cluster.setPasswords(password, superuserPassword);
        } else {
            cluster.create(password, superuserPassword);
        }
        passwordFile.store(password);
        superuserFile.store(superuserPassword);
    }

    private static void stopWhatRuns(PostgresHome home) {
        Postmaster running = Postmaster.of(home.data());
        if (running != null) {
            running.stopFast();
            if (!running.exitsWithin(STOP_LIMIT)) {
                end(running);
            }
        }
    }

    private static void end(Postmaster running) {
        running.quit();
        if (!running.exitsWithin(QUIT_LIMIT)) {
            // Its backends exit by themselves once it is gone.
            running.handle().destroyForcibly();
            running.exitsWithin(QUIT_LIMIT);
        }
    }

    private void comeUpFirst() {
        try {
            comeUp();
        } catch (RuntimeException e) {
            watch.shutdownNow();
            throw e;
        }
    }

    private void comeUp() {
        Postmaster orphan = Postmaster.of(home.data());
        if (orphan != null && adopt(orphan)) {
            return;
        }
        launch();
    }

    private boolean adopt(Postmaster orphan) {
        long began = clock.nanos();
        while (!closing && orphan.runs() && clock.nanos() - began < ADOPTION_LIMIT.toNanos()) {
            if (probe.look() instanceof ServerProbe.Finding.Ours) {
                log.info(
                        "Adopted the PostgreSQL (process {}) that an earlier run left behind",
                        orphan.handle().pid());
                keep(orphan);
                return true;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        log.warn(
                "The PostgreSQL (process {}) that an earlier run left behind does not answer, and is replaced",
                orphan.handle().pid());
        end(orphan);
        return false;
    }

    private void launch() {
        cluster.configure(access.port());
        Process process;
        try {
            Postmaster.disownReusedPid(home.data());
            portFile.requireFree(access.port(), probe);
            process =
                    Commands.builder(cluster.serverCommand())
                            .redirectInput(Path.of("/dev/null").toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(home.startLog().toFile())
                            .start();
        } catch (IOException e) {
            throw PostgresRefusal.failed("cannot start PostgreSQL", e);
        }
        Postmaster launched = Postmaster.launched(process);
        try {
            awaitAnswer(process);
        } catch (RuntimeException e) {
            end(launched);
            throw e;
        }
        cluster.binaries().removeOthers();
        keep(launched);
    }

    private void awaitAnswer(Process process) {
        long began = clock.nanos();
        long told = began;
        while (!closing && clock.nanos() - began < START_LIMIT.toNanos()) {
            if (!process.isAlive()) {
                throw PostgresRefusal.failed(
                        "PostgreSQL did not start (exit code %d):\n%s"
                                .formatted(process.exitValue(), serverLog.lastWords()));
            }
            if (Postmaster.saysReady(home.data(), process.pid()) && answers()) {
                return;
            }
            if (clock.nanos() - told > PROGRESS.toNanos()) {
                told = clock.nanos();
                log.info(
                        "Waiting for PostgreSQL since {} s:\n{}",
                        Duration.ofNanos(told - began).toSeconds(),
                        serverLog.lastWords());
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        throw PostgresRefusal.failed(
                "PostgreSQL did not answer within %s:\n%s"
                        .formatted(START_LIMIT, serverLog.lastWords()));
    }

    /** Of a server that is our own and ready: one that does not know us now never will. */
    private boolean answers() {
        return switch (probe.look()) {
            case ServerProbe.Finding.Ours _ -> true;
            case ServerProbe.Finding.Silent _ -> false;
            case ServerProbe.Finding.Foreign(String why) ->
                    throw PostgresRefusal.misconfigured(
                            "the PostgreSQL of %s runs, but is not as it was made (%s): undo what was changed in it, or, if only %s was, delete %s, and the next start of the server sets a new password"
                                    .formatted(
                                            home.folder(),
                                            why,
                                            home.passwordFile().getFileName(),
                                            home.passwordFile()));
        };
    }

    private void keep(Postmaster running) {
        postmaster = running;
        long since = clock.nanos();
        running.onExit().thenAccept(ended -> died(ended, clock.nanos() - since));
    }

    private void died(ProcessHandle ended, long upNanos) {
        if (closing) {
            return;
        }
        log.error(
                "PostgreSQL (process {}) has died after {} s:\n{}",
                ended.pid(),
                Duration.ofNanos(upNanos).toSeconds(),
                serverLog.lastWords());
        watch.execute(() -> {
            if (upNanos > STEADY.toNanos()) {
                restartDelayMillis = 0;
            }
            restartLater();
        });
    }

    /** On the watch's thread: at once, then after growing delays while restarts do not last. */
    private void restartLater() {
        if (!closing) {
            var unused = watch.schedule(this::restart, restartDelayMillis, TimeUnit.MILLISECONDS);
            restartDelayMillis =
                    Math.clamp(
                            restartDelayMillis * 2,
                            FIRST_RESTART_DELAY_MILLIS,
                            MAX_RESTART_DELAY_MILLIS);
        }
    }

    private void restart() {
        long began = clock.nanos();
        try {
            comeUp();
            failedRestarts = 0;
            log.info(
                    "PostgreSQL answers again after {} ms",
                    Duration.ofNanos(clock.nanos() - began).toMillis());
        } catch (RuntimeException e) {
            if (!closing) {
                if (failedRestarts++ % TOLD_FAILURES == 0) {
                    log.error(
                            "PostgreSQL could not be restarted, next attempt in {} ms",
                            restartDelayMillis,
                            e);
                }
                restartLater();
            }
        }
    }
}

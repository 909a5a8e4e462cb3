package dev.lepton.supervisor;

import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.supervisor.aot.AotDuty;
import dev.lepton.supervisor.home.DurableFile;
import dev.lepton.supervisor.home.LeptonHome;
import dev.lepton.supervisor.registry.Registry;
import dev.lepton.supervisor.runtime.ProcessMark;
import dev.lepton.supervisor.runtime.RunLogs;
import dev.lepton.supervisor.supervision.Supervision;
import dev.lepton.supervisor.supervision.UnitStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.Environment;

/**
 * Begins the supervision once everything else runs, and ends it before anything else is stopped:
 * until the last unit is gone the supervisor answers and reports.
 */
final class SupervisionLifecycle implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(SupervisionLifecycle.class);
    private static final long LOG_CHECK_SECONDS = 10;
    private static final long LONGEST_LOG = 50L * 1024 * 1024;
    private static final int LOG_KEPT = 10 * 1024 * 1024;

    private final Supervision supervision;
    private final NodeRuntime runtime;
    private final Registry registry;
    private final RegistryFollower follower;
    private final AotDuty aot;
    private final Preflight preflight;
    private final ScheduledExecutorService housekeeping;
    private final InstantSource clock;
    private final Environment environment;
    private volatile boolean running;

    SupervisionLifecycle(
            Supervision supervision,
            NodeRuntime runtime,
            Registry registry,
            RegistryFollower follower,
            AotDuty aot,
            Preflight preflight,
            ScheduledExecutorService housekeeping,
            InstantSource clock,
            Environment environment) {
        this.supervision = supervision;
        this.runtime = runtime;
        this.registry = registry;
        this.follower = follower;
        this.aot = aot;
        this.preflight = preflight;
        this.housekeeping = housekeeping;
        this.clock = clock;
        this.environment = environment;
    }

    @Override
    public void start() {
        running = true;
        writeNote();
        registry.start(supervision::observed, follower);
        runtime.start(supervision::startedElsewhere);
        supervision.start();
        aot.start();
        housekeeping.scheduleWithFixedDelay(
                this::boundLogs, LOG_CHECK_SECONDS, LOG_CHECK_SECONDS, TimeUnit.SECONDS);
    }

    /** Blocks, so that no timeout of a shutdown phase cuts the stop short. */
    @Override
    public void stop(Runnable callback) {
        stop();
        callback.run();
    }

    @Override
    public void stop() {
        aot.close();
        supervision.stopAll("the supervisor ends").join();
        deleteNote();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    private void writeNote() {
        ProcessMark mark = ProcessMark.ofThisProcess();
        Map<String, Object> note = new LinkedHashMap<>();
        note.put("pid", mark.pid());
        note.put("url", "http://127.0.0.1:" + environment.getProperty("local.server.port"));
        note.put("startedAt", clock.instant());
        if (mark.bootId() != null && mark.startTicks() != null) {
            note.put("bootId", mark.bootId());
            note.put("startTicks", mark.startTicks());
        }
        try {
            DurableFile.write(
                    preflight.home().note(), ProtocolJson.lenient().writeValueAsBytes(note));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + preflight.home().note(), e);
        }
    }

    private void deleteNote() {
        LeptonHome home = preflight.home();
        try {
            DurableFile.delete(home.note());
        } catch (IOException e) {
            log.warn("cannot delete {}: {}", home.note(), e.getMessage());
        }
    }

    private void boundLogs() {
        boundLog(preflight.home().supervisorLog());
        for (UnitStatus unit : supervision.statuses()) {
            Path file = unit.log();
            if (file != null) {
                boundLog(file);
            }
        }
    }

    private static void boundLog(Path file) {
        try {
            RunLogs.bound(file, LONGEST_LOG, LOG_KEPT);
        } catch (IOException e) {
            log.warn("cannot bound the log {}: {}", file, e.getMessage());
        }
    }
}

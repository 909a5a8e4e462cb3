package dev.lepton.supervisor.aot;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.declaration.AotTraining;
import dev.lepton.supervisor.declaration.Probe;
import dev.lepton.supervisor.declaration.ServiceDeclaration;
import dev.lepton.supervisor.home.DurableFile;
import dev.lepton.supervisor.home.TokenFile;
import dev.lepton.supervisor.runtime.LaunchSpec;
import dev.lepton.supervisor.runtime.Next;
import dev.lepton.supervisor.runtime.RecordedRun;
import dev.lepton.supervisor.runtime.UnitRuntime;
import dev.lepton.supervisor.supervision.Launches;
import dev.lepton.supervisor.supervision.Ports;
import dev.lepton.supervisor.supervision.Prober;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the caches that are missing: once everything is ready, one after the other, in a folder
 * that is thrown away with all that the trained programs leave in it. It goes on looking, so that a
 * jar that is replaced has its cache soon. What failed is not tried again.
 */
public final class AotDuty implements AutoCloseable {

    /** What a training that an earlier supervisor has left is called: its start-id tells it. */
    static final UnitId TRAINING = new UnitId("training");

    private static final Logger log = LoggerFactory.getLogger(AotDuty.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

    private final Collection<ServiceDeclaration> services;
    private final Launches launches;
    private final AotCaches caches;
    private final UnitRuntime runtime;
    private final Ports ports;
    private final BooleanSupplier ready;
    private final @Nullable OwnProcess own;
    private final AotTrainer trainer;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Set<Path> failed = new HashSet<>();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("aot-training").unstarted(this::run);

    /**
     * @param launches how the units are started
     * @param ready whether everything that is to run has been ready
     * @param own the supervisor's own process, null when it is not to be trained
     */
    public AotDuty(
            Collection<ServiceDeclaration> services,
            Launches launches,
            AotCaches caches,
            UnitRuntime runtime,
            Prober prober,
            Ports ports,
            LongSupplier nanos,
            BooleanSupplier ready,
            @Nullable OwnProcess own) {
        this.services = List.copyOf(services);
        this.launches = launches;
        this.caches = caches;
        this.runtime = runtime;
        this.ports = ports;
        this.ready = ready;
        this.own = own;
        this.trainer = new AotTrainer(runtime, prober, nanos, closed);
    }

    public void start() {
        thread.start();
    }

    /** Gives up the training that is under way, and leaves nothing of it. */
    @Override
    public void close() {
        closed.countDown();
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        try {
            thread.join(CLOSE_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Path workshop() {
        return caches.folder().resolve("training");
    }

    private Path startIdFile() {
        return workshop().resolve("start-id");
    }

    private void run() {
        try {
            clearUp();
            while (!ready.getAsBoolean()) {
                if (closed.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
            do {
                makeAllMissing();
            } while (!closed.await(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            log.warn("No AOT caches are made: {}", e.toString());
        }
    }

    private void makeAllMissing() throws InterruptedException {
        for (ServiceDeclaration service : services) {
            AotTraining training = service.aot();
            if (training != null) {
                makeIfMissing(
                        service.name().value(),
                        caches.file(service.name().value(), command(service, training)),
                        () -> trainee(service, training));
            }
        }
        OwnProcess process = own;
        if (process != null) {
            makeIfMissing(
                    OwnProcess.NAME, process.cache(), () -> process.trainee(workshop(), ports));
        }
    }

    /** Makes the trainee in a fresh workshop. */
    @FunctionalInterface
    private interface Preparation {
        Trainee make() throws IOException;
    }

    /** What goes wrong with one is no reason to leave out the others. */
    private void makeIfMissing(String name, Path cache, Preparation preparation)
            throws InterruptedException {
        if (closed.getCount() == 0 || Files.isRegularFile(cache) || failed.contains(cache)) {
            return;
        }
        try {
            make(name, cache, preparation);
        } catch (IOException | RuntimeException e) {
            failed.add(cache);
            log.warn("{} gets no AOT cache: {}", name, e.toString());
        }
    }

    private void make(String name, Path cache, Preparation preparation)
            throws IOException, InterruptedException {
        try {
            Files.createDirectories(workshop());
            Trainee trainee = preparation.make();
            DurableFile.write(
                    startIdFile(), trainee.startId().toString().getBytes(StandardCharsets.UTF_8));
            Path made = trainer.train(trainee, workshop());
            Files.move(made, cache, StandardCopyOption.ATOMIC_MOVE);
            caches.removeOthers(name, cache);
            Files.deleteIfExists(keptLog(name));
            log.info(
                    "{} has an AOT cache of {} MB, which its next starts use",
                    name,
                    Files.size(cache) >> 20);
        } catch (TrainingFailed e) {
            if (closed.getCount() > 0) {
                failed.add(cache);
                keepLog(name);
                log.warn(
                        "{} gets no AOT cache, because {}; the output of its training is {}",
                        name,
                        e.getMessage(),
                        keptLog(name));
            }
        } finally {
            clearUp();
        }
    }

    private Path keptLog(String name) {
        return caches.folder().resolve(name + "-training.log");
    }

    private void keepLog(String name) throws IOException {
        Path written = workshop().resolve("log");
        if (Files.exists(written)) {
            Files.move(written, keptLog(name), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private Trainee trainee(ServiceDeclaration service, AotTraining training) throws IOException {
        Path apart = workshop().resolve("home");
        TokenFile.readOrCreate(Files.createDirectories(apart).resolve("token"));
        StartId start = StartId.random();
        int port = ports.choose();
        Integer management = service.managementPort() == null ? null : ports.choose();
        // Nobody listens there: the run is not to become a unit of the platform.
        URI nobody = URI.create("http://127.0.0.1:" + ports.choose());
        LaunchSpec spec =
                launches.training(
                        service,
                        training,
                        start,
                        port,
                        management,
                        apart,
                        nobody,
                        workshop().resolve("log"));
        Probe probe = training.probe();
        return new Trainee(
                service.name().value(),
                command(spec),
                start,
                spec.environment(),
                spec.workingDirectory(),
                probe,
                probe.onManagementPort() && management != null ? management : port);
    }

    private static JavaCommand command(LaunchSpec spec) {
        return JavaCommand.find(spec.command())
                .orElseThrow(
                        () -> new IllegalStateException("'aot' without 'jar': " + spec.command()));
    }

    /** As the ordinary starts of the service are. */
    private JavaCommand command(ServiceDeclaration service, AotTraining training) {
        Path anywhere = workshop();
        return command(
                launches.training(
                        service,
                        training,
                        StartId.random(),
                        1,
                        1,
                        anywhere,
                        URI.create("http://127.0.0.1"),
                        anywhere));
    }

    /** Ends what a training has left whose supervisor was killed, and removes its folder. */
    private void clearUp() throws IOException {
        if (Files.exists(startIdFile())) {
            endTraining(Files.readString(startIdFile()).strip());
        }
        if (!Files.exists(workshop())) {
            return;
        }
        try (Stream<Path> all = Files.walk(workshop())) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private void endTraining(String startId) {
        try {
            runtime.find(new RecordedRun(TRAINING, StartId.parse(startId), null, null))
                    .ifPresent(run -> run.kill(Next.REST));
        } catch (IllegalArgumentException e) {
            log.warn("{} names no start: {}", startIdFile(), e.getMessage());
        }
    }
}

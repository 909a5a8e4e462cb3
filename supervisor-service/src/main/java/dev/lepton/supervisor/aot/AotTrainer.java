package dev.lepton.supervisor.aot;

import dev.lepton.supervisor.runtime.Exit;
import dev.lepton.supervisor.runtime.LaunchSpec;
import dev.lepton.supervisor.runtime.Next;
import dev.lepton.supervisor.runtime.Run;
import dev.lepton.supervisor.runtime.UnitRuntime;
import dev.lepton.supervisor.supervision.Prober;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Trains one program: runs it at the lowest priority until it is ready, ends it in order, whereupon
 * the JVM writes down what it learnt (JEP 514, JEP 515), and keeps that only when the JVM proves
 * that it maps it under the flags of an ordinary start.
 */
final class AotTrainer {

    private static final Duration READY_LIMIT = Duration.ofMinutes(5);
    private static final Duration END_LIMIT = Duration.ofMinutes(5);
    private static final Duration PROOF_LIMIT = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Path NICE = Path.of("/usr/bin/nice");

    private final UnitRuntime runtime;
    private final Prober prober;
    private final LongSupplier nanos;
    private final CountDownLatch closed;

    /**
     * @param closed counted down when the supervisor ends: a training is given up then
     */
    AotTrainer(UnitRuntime runtime, Prober prober, LongSupplier nanos, CountDownLatch closed) {
        this.runtime = runtime;
        this.prober = prober;
        this.nanos = nanos;
        this.closed = closed;
    }

    /**
     * Blocks for as long as it takes, which is about a minute on a busy machine.
     *
     * @param workshop where the run writes its output, {@code log}, and the cache is made
     * @return the cache
     */
    Path train(Trainee trainee, Path workshop)
            throws TrainingFailed, IOException, InterruptedException {
        Path fresh = workshop.resolve(trainee.name() + ".aot");
        JavaCommand learning = trainee.command().with(List.of("-XX:AOTCacheOutput=" + fresh));
        Run run = start(trainee, atLowestPriority(learning.words()), workshop);
        try {
            awaitReady(trainee, run);
            run.terminate(Next.REST, END_LIMIT);
            awaitEnd(run, END_LIMIT);
        } finally {
            // Whatever is left of it, a database of its own for example.
            run.kill(Next.REST);
        }
        if (!Files.isRegularFile(fresh)) {
            throw new TrainingFailed("the JVM wrote no cache");
        }
        prove(trainee, fresh, workshop);
        return fresh;
    }

    private Run start(Trainee trainee, List<String> words, Path workshop) throws IOException {
        return runtime.start(
                new LaunchSpec(
                        AotDuty.TRAINING,
                        trainee.startId(),
                        words,
                        trainee.environment(),
                        trainee.workingDirectory(),
                        workshop.resolve("log")));
    }

    private static List<String> atLowestPriority(List<String> words) {
        if (!Files.isExecutable(NICE)) {
            return words;
        }
        List<String> nice = new ArrayList<>(List.of(NICE.toString(), "-n", "19"));
        nice.addAll(words);
        return nice;
    }

    private void awaitReady(Trainee trainee, Run run) throws TrainingFailed, InterruptedException {
        long end = nanos.getAsLong() + READY_LIMIT.toNanos();
        while (!prober.ask(trainee.probe(), run.host(), trainee.port()).join().good()) {
            if (run.exit().isDone()) {
                throw new TrainingFailed(
                        "it ended with " + run.exit().join() + " before it was ready");
            }
            if (nanos.getAsLong() - end > 0) {
                throw new TrainingFailed("it was not ready after " + READY_LIMIT);
            }
            giveUpWhenClosed(LOOK);
        }
    }

    private void awaitEnd(Run run, Duration limit) throws TrainingFailed, InterruptedException {
        long end = nanos.getAsLong() + limit.toNanos();
        while (!run.exit().isDone()) {
            if (nanos.getAsLong() - end > 0) {
                throw new TrainingFailed("it did not end within " + limit);
            }
            giveUpWhenClosed(LOOK);
        }
    }

    private void giveUpWhenClosed(Duration pause) throws TrainingFailed, InterruptedException {
        if (closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new TrainingFailed("the supervisor ends");
        }
    }

    /** With this mode the JVM does not start unless it maps the cache. */
    private void prove(Trainee trainee, Path cache, Path workshop)
            throws TrainingFailed, IOException, InterruptedException {
        JavaCommand mapping =
                trainee.command().with(List.of("-XX:AOTCache=" + cache, "-XX:AOTMode=on"));
        Run run = start(trainee, mapping.wordsOfVersion(), workshop);
        try {
            awaitEnd(run, PROOF_LIMIT);
        } finally {
            run.kill(Next.REST);
        }
        Exit exit = run.exit().join();
        if (!Integer.valueOf(0).equals(exit.code())) {
            throw new TrainingFailed("the JVM does not map the cache: " + exit);
        }
    }
}

package dev.lepton.benchmarks.registry;

import dev.lepton.benchmarks.load.Wrk;
import dev.lepton.benchmarks.peer.Setup;
import dev.lepton.benchmarks.process.Machine;
import dev.lepton.benchmarks.process.Stage;
import dev.lepton.benchmarks.process.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How many beats and registrations a registry takes. Both registries run at the same time, and are
 * loaded in turn by one client process, so that the machine's noise meets both.
 */
public final class RegistryBenchmark {

    private static final Duration SETTLING = Duration.ofSeconds(2);

    /** Of a call that was not the one of the warm-up. */
    private static final Duration ACQUAINTANCE = Duration.ofSeconds(5);

    private final Path checkout;
    private final Plan plan;
    private int scripts;

    public RegistryBenchmark(Path checkout, List<String> arguments) {
        this.checkout = checkout;
        this.plan = Plan.parse(arguments);
    }

    public void run() throws IOException, InterruptedException {
        Machine begin = Machine.now();
        try (Stage stage = Stage.open()) {
            List<Contender> contenders = start(stage);
            for (Contender contender : contenders) {
                say("warming up for %d s: %s", plan.warmUp().toSeconds(), contender.title());
                Round round = load(stage, contender, Load.BEATS, 0, plan.warmUp());
                say("%s: %s", contender.title(), round);
            }
            Results results = new Results();
            measure(stage, contenders, Load.BEATS, results);
            // Before so many units are registered that each beat costs more.
            String profiles =
                    plan.profile()
                            ? new Profiles(stage, plan.length()).of(contenders, this::load)
                            : "";
            measure(stage, contenders, Load.BATCHES, results);
            measure(stage, contenders, Load.REGISTRATIONS, results);
            print(results, begin);
            System.out.println(profiles);
        }
        see();
    }

    /** Where no other registry runs: a silent unit is known by the clock. */
    private void see() throws IOException, InterruptedException {
        say("watching");
        try (Stage stage = Stage.open()) {
            Setup setup = Setup.of(stage, checkout, 1, List.of(), plan.jvmDefaults());
            System.out.println(Visibility.measure(stage, setup, jvm(setup), plan.watched()));
        }
    }

    private List<String> jvm(Setup setup) {
        return plan.jvmDefaults() ? List.of() : setup.registryOptions();
    }

    private List<Contender> start(Stage stage) throws IOException, InterruptedException {
        Setup setup = Setup.of(stage, checkout, 1, List.of(), plan.jvmDefaults());
        List<String> jvm = jvm(setup);
        say("starting: Lepton, with %d units", plan.units());
        Contender lepton = LeptonContender.start(stage, setup, jvm, plan.units());
        say("starting: Eureka, with %d units", plan.units());
        return List.of(lepton, EurekaContender.start(stage, setup, jvm, plan.units()));
    }

    private void measure(Stage stage, List<Contender> contenders, Load load, Results results)
            throws IOException, InterruptedException {
        for (int round = 1; round <= plan.rounds(); round++) {
            for (Contender contender : contenders) {
                if (contender.takes(load)) {
                    load(stage, contender, load, 100 + round, round == 1 ? ACQUAINTANCE : SETTLING);
                    Round measured = load(stage, contender, load, round, plan.length());
                    say(
                            "%s, round %d of %d: %s: %s",
                            load.one(), round, plan.rounds(), contender.title(), measured);
                    results.add(load, contender.title(), measured);
                }
            }
        }
    }

    private void load(Stage stage, Contender contender) throws IOException, InterruptedException {
        load(stage, contender, Load.BEATS, 0, plan.length());
    }

    private Round load(Stage stage, Contender contender, Load load, int round, Duration length)
            throws IOException, InterruptedException {
        scripts++;
        Wrk wrk =
                new Wrk(
                        stage,
                        plan.wrk(),
                        plan.connections(load),
                        "requests-" + scripts,
                        contender.requests(load, round));
        List<Long> registry = List.of(contender.process().handle().pid());
        Usage registryBefore = Usage.of(registry);
        Usage databaseBefore = contender.databaseUsage();
        Wrk.Result done = wrk.run(contender.url(), length);
        return Round.of(
                done,
                plan.inOneCall(load),
                Usage.of(registry).since(registryBefore),
                contender.databaseUsage().since(databaseBefore));
    }

    private void print(Results results, Machine begin) throws IOException {
        System.out.printf(
                Locale.ROOT,
                """
                ## %,d units, %s

                %s Medians of %d rounds of %d s, after %d s of single beats at each; %d connections for single beats, %d for batches, %d for registrations.

                """,
                plan.units(),
                plan.jvmDefaults()
                        ? "options of the JVM as they are by default"
                        : "options of the JVM as lepton.yml has them for the registry",
                Machine.during(begin, Machine.now()),
                plan.rounds(),
                plan.length().toSeconds(),
                plan.warmUp().toSeconds(),
                plan.connections(),
                plan.batching(),
                plan.registering());
        System.out.println(results.figures());
        System.out.println(results.aims("Lepton", "Eureka"));
    }

    private static void say(String format, Object... values) {
        System.err.printf(Locale.ROOT, format + "%n", values);
    }
}

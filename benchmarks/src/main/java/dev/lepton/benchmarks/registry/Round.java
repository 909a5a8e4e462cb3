package dev.lepton.benchmarks.registry;

import dev.lepton.benchmarks.load.Wrk;
import dev.lepton.benchmarks.process.Usage;
import java.util.Locale;

/**
 * One load of one registry in one round.
 *
 * @param perSecond beats or registrations each second
 * @param registryMicros of processor time for each
 * @param databaseMicros of processor time of PostgreSQL for each
 * @param failed calls that were not answered, or not with 2xx: with one of them the round is void
 */
record Round(double perSecond, double registryMicros, double databaseMicros, long failed) {

    static Round of(Wrk.Result done, int inOneCall, Usage registry, Usage database) {
        double all = (double) done.requests() * inOneCall;
        return new Round(
                all / done.seconds(),
                registry.cpuMicros() / all,
                database.cpuMicros() / all,
                done.errors());
    }

    boolean isVoid() {
        return failed > 0;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%,.0f/s, %.2f µs and %.2f µs of PostgreSQL each, %d failed",
                perSecond,
                registryMicros,
                databaseMicros,
                failed);
    }
}

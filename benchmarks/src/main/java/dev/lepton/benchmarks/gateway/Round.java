package dev.lepton.benchmarks.gateway;

import dev.lepton.benchmarks.load.LatencyReport;
import dev.lepton.benchmarks.load.Wrk;
import dev.lepton.benchmarks.process.Usage;

/**
 * One peer in one round.
 *
 * @param perSecond requests each second at full load
 * @param cpuMicros of the gateway for each of them
 * @param systemMicros the part of it that the kernel took
 * @param waits voluntary context switches of the gateway for each of them
 * @param allocatedBytes for each of them
 * @param p50 milliseconds at the fixed rate, as the two that follow
 * @param failed requests at either
 */
record Round(
        double perSecond,
        double cpuMicros,
        double systemMicros,
        double waits,
        double allocatedBytes,
        double p50,
        double p99,
        double p999,
        long failed) {

    static Round of(FullLoad full, LatencyReport paced) {
        return new Round(
                full.perSecond(),
                full.cpuMicros(),
                full.systemMicros(),
                full.waits(),
                full.allocatedBytes(),
                paced.millis(0.5),
                paced.millis(0.99),
                paced.millis(0.999),
                full.failed() + paced.failed());
    }

    double perCpuSecond() {
        return 1e6 / cpuMicros;
    }

    /** The first half of a round, for each request but the first and the last figure. */
    record FullLoad(
            double perSecond,
            double cpuMicros,
            double systemMicros,
            double waits,
            double allocatedBytes,
            long failed) {

        static FullLoad of(Wrk.Result done, Usage used, long allocatedBytes) {
            double requests = done.requests();
            return new FullLoad(
                    done.perSecond(),
                    used.cpuMicros() / requests,
                    used.systemMicros() / requests,
                    used.waits() / requests,
                    allocatedBytes / requests,
                    done.errors());
        }
    }
}

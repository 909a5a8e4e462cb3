package dev.lepton.benchmarks.gateway;

/**
 * One peer in one round.
 *
 * @param perSecond requests each second at full load
 * @param cpuMicros of the gateway for each of them
 * @param waits voluntary context switches of the gateway for each of them
 * @param allocatedBytes for each of them, NaN where the gateway is no JVM
 * @param p50 milliseconds at the fixed rate, as the two that follow
 * @param failed requests at either
 */
record Round(
        double perSecond,
        double cpuMicros,
        double waits,
        double allocatedBytes,
        double p50,
        double p99,
        double p999,
        long failed) {

    double perCpuSecond() {
        return 1e6 / cpuMicros;
    }
}

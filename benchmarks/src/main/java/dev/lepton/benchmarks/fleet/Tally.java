package dev.lepton.benchmarks.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What became of the calls of a while. Safe for many threads. */
final class Tally {

    private final List<Double> millis = new ArrayList<>();
    private long beats;
    private long refused;
    private long notStored;
    private long failed;
    private double mostLateMillis;

    /**
     * @param accepted of so many units
     */
    synchronized void answered(int accepted, int units, boolean stored, double took) {
        beats += accepted;
        refused += units - accepted;
        notStored += stored ? 0 : 1;
        millis.add(took);
    }

    synchronized void failed() {
        failed++;
    }

    synchronized void sentLate(double by) {
        mostLateMillis = Math.max(mostLateMillis, by);
    }

    synchronized long beats() {
        return beats;
    }

    /** Of the answers to calls, by the share of those that took no longer; not a number of none. */
    synchronized double millis(double share) {
        List<Double> sorted = millis.stream().sorted().toList();
        return sorted.isEmpty()
                ? Double.NaN
                : sorted.get((int) Math.ceil(share * sorted.size()) - 1);
    }

    /** Whether every beat was taken and stored. */
    synchronized boolean flawless() {
        return refused == 0 && notStored == 0 && failed == 0;
    }

    @Override
    public synchronized String toString() {
        return String.format(
                Locale.ROOT,
                "%,d beats, %d refused, %d calls failed, %d answered as not stored; the client was %.0f ms late at most",
                beats,
                refused,
                failed,
                notStored,
                mostLateMillis);
    }
}

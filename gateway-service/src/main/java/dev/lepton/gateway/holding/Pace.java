package dev.lepton.gateway.holding;

/**
 * How many of the requests that were held may be under way at a time: slow start as in TCP (RFC
 * 5681 3.1). First a few for each unit that is up; each answer makes room for two, so that waves
 * double while the units keep up. A failure ends the growth, and then one at a time finds out.
 */
final class Pace {

    /** What a process that has just started answers at once, cold as it is. */
    static final int FIRST_PER_UNIT = 8;

    private int units;
    private int window;
    private int underWay;

    /** So many units can take requests now. */
    void units(int now) {
        int kept = units == 0 ? 0 : (int) ((long) window * now / units);
        window = Math.max(FIRST_PER_UNIT * now, kept);
        units = now;
    }

    /** Whether another may go. */
    boolean hasRoom() {
        return units > 0 && underWay < Math.max(1, window);
    }

    void began() {
        underWay++;
    }

    /** One was answered. */
    void served() {
        underWay--;
        window++;
    }

    /** One is over without an answer that says something of the units. */
    void ended() {
        underWay--;
    }

    /** No unit took one. */
    void failed() {
        underWay--;
        window = Math.min(window, underWay);
    }
}

package dev.lepton.supervisor.drill;

/**
 * How one rail stands.
 *
 * @param told one sentence for people
 */
public record Finding(Rail rail, boolean holds, String told) {

    static Finding holds(Rail rail, String told) {
        return new Finding(rail, true, told);
    }

    static Finding refuses(Rail rail, String told) {
        return new Finding(rail, false, told);
    }
}

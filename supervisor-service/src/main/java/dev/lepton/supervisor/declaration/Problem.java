package dev.lepton.supervisor.declaration;

/**
 * One thing that is wrong in a declaration.
 *
 * @param where file, line and column, as {@code lepton.yml:12:5}
 * @param text what, which one, the value and the rule
 */
public record Problem(String where, String text) {

    @Override
    public String toString() {
        return where + ": " + text;
    }
}

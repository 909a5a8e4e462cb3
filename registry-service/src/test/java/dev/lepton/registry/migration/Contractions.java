package dev.lepton.registry.migration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Finds what takes something away from the version before, in the text of a migration. */
final class Contractions {

    private static final Map<String, Pattern> RULES = new LinkedHashMap<>();

    static {
        rule("drops", "\\bDROP\\b(?! NOT NULL| DEFAULT)");
        rule("renames", "\\bRENAME\\b");
        rule("changes a type", "\\bALTER (COLUMN )?\\S+ (SET DATA )?TYPE\\b");
        rule("refuses null", "\\bSET NOT NULL\\b");
        rule(
                "adds a column that must be given",
                "^ALTER TABLE .*\\bADD (COLUMN )?(?!CONSTRAINT)[^,]*\\bNOT NULL\\b(?![^,]*\\bDEFAULT\\b)");
        rule(
                "adds a constraint",
                "^ALTER TABLE .*\\bADD (CONSTRAINT|CHECK|UNIQUE|FOREIGN|PRIMARY)\\b");
        rule("adds a unique index", "^CREATE UNIQUE INDEX\\b");
        rule("deletes", "^(DELETE FROM|TRUNCATE)\\b");
    }

    private Contractions() {}

    /** What each statement does that it must not, with the statement. */
    static List<String> in(String sql) {
        List<String> found = new ArrayList<>();
        for (String statement : sql.replaceAll("(?m)--.*$", "").split(";", -1)) {
            String plain = statement.strip().replaceAll("\\s+", " ").toUpperCase(Locale.ROOT);
            RULES.forEach((what, rule) -> {
                if (rule.matcher(plain).find()) {
                    found.add(what + ": " + plain);
                }
            });
        }
        return found;
    }

    private static void rule(String what, String regex) {
        RULES.put(what, Pattern.compile(regex));
    }
}

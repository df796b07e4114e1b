package io.tradingbreaker.spring.store;

import io.tradingbreaker.SwitchStoreException;
import java.sql.SQLException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a database refuses, in words for operators: one bounded line without passwords. */
final class SqlFailure {

    private static final int LONGEST = 400;
    private static final Pattern SECRET = Pattern.compile("(?i)((?:password|passwd|pwd)\\s*[=:]\\s*)[^\\s&;,]+");
    private static final Pattern USER_INFO = Pattern.compile("//[^\\s/@]{1,400}@");

    private SqlFailure() {}

    /** @param failed what cannot be done, as the start of a sentence */
    static SwitchStoreException of(String failed, SQLException failure) {
        String advice = "";
        if (isMissingTable(failure)) {
            advice = ", a table is missing: create it with schema-postgresql.sql or schema-h2.sql of"
                    + " io/tradingbreaker/spring/store, or set trading-breaker.store.initialize-schema to always";
        } else if (hasState(failure, "42501", "90096")) {
            advice = ", its user may not do it: what is needed is SELECT, INSERT and UPDATE on trading_breaker_switch"
                    + " and INSERT on trading_breaker_switch_audit";
        }
        return new SwitchStoreException(failed + advice + ": " + text(failure), failure);
    }

    static boolean isMissingTable(SQLException failure) {
        return hasState(failure, "42P01", "42S02", "42S03", "42S04");
    }

    /** Whether there is such a row already. */
    static boolean isTaken(SQLException failure) {
        return hasState(failure, "23505");
    }

    /** Whether a strict database has taken everything back since others were faster. */
    static boolean isOvertaken(SQLException failure) {
        return hasState(failure, "40001");
    }

    private static boolean hasState(SQLException failure, String... beginnings) {
        String state = failure.getSQLState();
        for (String beginning : beginnings) {
            if (state != null && state.startsWith(beginning)) {
                return true;
            }
        }
        return false;
    }

    private static String text(SQLException failure) {
        Throwable cause = failure.getCause();
        String text = line(failure.getMessage());
        String why = cause == null ? "" : line(cause.getMessage());
        String whole = text.contains(why) ? text : text + " (" + why + ")";
        return whole.length() <= LONGEST ? whole : whole.substring(0, LONGEST) + "…";
    }

    /** As one line without passwords. */
    static String line(@Nullable String message) {
        String line = String.valueOf(message).replaceAll("[\\p{C}\\p{Z}]+", " ").strip();
        return USER_INFO.matcher(SECRET.matcher(line).replaceAll("$1…")).replaceAll("//…@");
    }
}

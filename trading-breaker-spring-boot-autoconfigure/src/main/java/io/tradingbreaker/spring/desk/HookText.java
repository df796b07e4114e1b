package io.tradingbreaker.spring.desk;

import java.util.regex.Pattern;

/** What a hook threw, in words that are safe to print and to show. */
final class HookText {

    private static final int LONGEST = 200;
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");
    /** Passwords before a host, keys behind a path. */
    private static final Pattern SECRETS = Pattern.compile("(?<=//)[^/\\s@]{1,400}@|(?<=/)[^\\s/?]*\\?\\S*");

    private HookText() {}

    static String of(Throwable thrown) {
        String message;
        try {
            message = String.valueOf(thrown.getMessage());
        } catch (RuntimeException | Error e) {
            message = "";
        }
        String bounded = message.length() <= 10 * LONGEST ? message : message.substring(0, 10 * LONGEST);
        String safe =
                SECRETS.matcher(UNPRINTABLE.matcher(bounded).replaceAll(" ")).replaceAll("…");
        String line = thrown.getClass().getSimpleName() + ": " + safe.strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}

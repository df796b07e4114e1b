package io.tradingbreaker.spring.probe;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Probes in words, for people: without secrets, bounded, and safe to print. */
final class ProbeText {

    private static final int LONGEST = 160;

    private ProbeText() {}

    /** One bounded line of what may come from outside. */
    static String line(@Nullable String text) {
        String line = String.valueOf(text);
        line = line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
        return line.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", " ").strip();
    }

    /** What kept a look from its answer. Shows no message, as these may hold what was sent. */
    static String failure(Throwable thrown, Duration timeout) {
        Throwable cause = thrown;
        Throwable last = thrown;
        for (int depth = 0; depth < 8 && cause != null; depth++) {
            if (cause instanceof TimeoutException) {
                return "no answer within " + millis(timeout.toNanos());
            }
            if (cause instanceof SSLException) {
                return "the TLS connection failed (" + cause.getClass().getSimpleName() + ")";
            }
            if (cause instanceof UnknownHostException) {
                return "the host's name cannot be resolved";
            }
            if (cause instanceof ConnectException) {
                return "no connection (refused or unreachable)";
            }
            last = cause;
            cause = cause.getCause();
        }
        return "no answer (" + last.getClass().getSimpleName() + ")";
    }

    /** The YAML's spelling: 30s, 200ms, 5m. */
    static String duration(Duration value) {
        long millis = value.toMillis();
        if (millis % 3_600_000 == 0 && millis != 0) {
            return millis / 3_600_000 + "h";
        }
        if (millis % 60_000 == 0 && millis != 0) {
            return millis / 60_000 + "m";
        }
        return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
    }

    static String millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos) + " ms";
    }
}

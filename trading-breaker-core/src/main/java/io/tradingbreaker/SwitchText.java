package io.tradingbreaker;

import io.tradingbreaker.SwitchPositions.Position;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The document of the switch as text: the format's name and number, a checksum of all that follows, the version, and a
 * line for each position. Fields are parted by tabs, which no reason, actor or name contains.
 *
 * <pre>
 * trading-breaker-switch 1
 * crc32c 0a1b2c3d
 * version 12
 * *      HALTED  2026-01-01T00:00:00Z    alice   fat finger
 * node   CLOSED  2026-01-01T00:10:00Z            checked
 * </pre>
 */
final class SwitchText {

    /** In bytes of UTF-8. */
    static final int LONGEST = 4 << 20;

    private static final String NAME = "trading-breaker-switch ";
    private static final int FORMAT = 1;
    private static final String CHECKSUM = "crc32c ";
    private static final String VERSION = "version ";
    private static final String ALL = "*";

    private SwitchText() {}

    static String of(SwitchPositions positions) {
        StringBuilder body =
                new StringBuilder(VERSION).append(positions.version()).append('\n');
        append(body, ALL, positions.all());
        positions.breakers().forEach((name, position) -> append(body, name, position));
        String text = NAME + FORMAT + '\n' + CHECKSUM + checksum(body.toString()) + '\n' + body;
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST) {
            throw new SwitchStoreException("the document would have " + length + " bytes, of at most " + LONGEST
                    + ": reset what need not stay");
        }
        return text;
    }

    private static void append(StringBuilder body, String scope, @Nullable Position position) {
        if (position != null) {
            body.append(scope)
                    .append('\t')
                    .append(position.state())
                    .append('\t')
                    .append(position.at())
                    .append('\t')
                    .append(position.actor() == null ? "" : position.actor())
                    .append('\t')
                    .append(position.reason())
                    .append('\n');
        }
    }

    static SwitchPositions parse(String text) {
        if (text.length() > LONGEST) {
            throw new SwitchStoreException(
                    "it has " + text.length() + " characters, of at most " + LONGEST + ": it is no store of halts");
        }
        if (text.isBlank()) {
            throw new SwitchStoreException("it is empty, as if its writing had been cut off");
        }
        int first = text.indexOf('\n') + 1;
        int second = text.indexOf('\n', first) + 1;
        String format = line(text, 0, first);
        if (!format.startsWith(NAME)) {
            throw new SwitchStoreException("it is no store of halts: it begins with '" + Text.oneLine(format) + "'");
        }
        if (!format.equals(NAME + FORMAT)) {
            throw new SwitchStoreException("it has the format '" + Text.oneLine(format) + "', this version knows '"
                    + NAME + FORMAT + "': was it written by a newer version?");
        }
        String expected = line(text, first, second);
        String body = text.substring(second);
        if (first == 0 || second == 0 || !expected.equals(CHECKSUM + checksum(body))) {
            throw new SwitchStoreException("it is damaged: its checksum is '" + Text.oneLine(expected)
                    + "', its content has '" + CHECKSUM + checksum(body) + "'");
        }
        return parseBody(body);
    }

    private static String line(String text, int from, int to) {
        return to == 0 ? text.substring(from) : text.substring(from, to - 1);
    }

    private static SwitchPositions parseBody(String body) {
        // Behind the last line's end there is nothing.
        String[] lines = body.split("\n", -1);
        if (!lines[0].matches(VERSION + "[0-9]{1,18}") || !lines[lines.length - 1].isEmpty()) {
            throw malformed(lines[0]);
        }
        Position all = null;
        SortedMap<String, Position> breakers = new TreeMap<>();
        for (int i = 1; i < lines.length - 1; i++) {
            String[] fields = lines[i].split("\t", -1);
            if (fields.length != 5) {
                throw malformed(lines[i]);
            }
            Position position = position(fields, lines[i]);
            boolean isAll = fields[0].equals(ALL);
            if (isAll ? all != null : !isScope(fields[0]) || breakers.containsKey(fields[0])) {
                throw malformed(lines[i]);
            }
            if (isAll) {
                all = position;
            } else {
                breakers.put(fields[0], position);
            }
        }
        return new SwitchPositions(Long.parseLong(lines[0].substring(VERSION.length())), all, breakers);
    }

    private static boolean isScope(String name) {
        return Declarations.isName(name) || KeyName.isName(name);
    }

    private static Position position(String[] fields, String line) {
        try {
            return new Position(BreakerState.valueOf(fields[1]), fields[4], fields[3], Instant.parse(fields[2]));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw malformed(line);
        }
    }

    private static SwitchStoreException malformed(String line) {
        return new SwitchStoreException("it has a line that does not belong there: '" + Text.oneLine(line) + "'");
    }

    private static String checksum(String body) {
        CRC32C checksum = new CRC32C();
        checksum.update(body.getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", checksum.getValue());
    }
}

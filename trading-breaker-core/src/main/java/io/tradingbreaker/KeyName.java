package io.tradingbreaker;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Keys come from outside and may be anything. Says what is kept of one, and what its breaker is called: the template's
 * name, a colon, and the key in lower-case letters, digits, dots, underscores and dashes. Where that is not the key as it
 * came, a hash of the key goes with it, so that two keys have two names.
 */
final class KeyName {

    /** A longer key is kept as its beginning and its hash. */
    static final int LONGEST_KEPT = 256;

    private static final char COLON = ':';
    private static final int LONGEST_SHOWN = 40;
    private static final int HASH_BYTES = 8;
    private static final Pattern NAME = Pattern.compile("([^:]+):[a-z0-9._-]{1,57}");

    private KeyName() {}

    /** Whether a keyed breaker may be called so. */
    static boolean isName(String name) {
        var parts = NAME.matcher(name);
        return parts.matches() && Declarations.isName(parts.group(1));
    }

    /** Whether the name of a breaker has a key in it. */
    static boolean isKeyed(String name) {
        return name.indexOf(COLON) >= 0;
    }

    /** The name of a breaker without the key in it, if there is one. */
    static String template(String name) {
        return isKeyed(name) ? name.substring(0, name.indexOf(COLON)) : name;
    }

    /** What a key is found by: longer than any key that is kept as it is if it is not. */
    static String kept(String key) {
        return key.length() <= LONGEST_KEPT
                ? key
                : key.substring(0, LONGEST_KEPT) + HexFormat.of().formatHex(hash(key));
    }

    static String of(String template, String key) {
        if (isShownAsItIs(key)) {
            return template + COLON + key;
        }
        StringBuilder name = new StringBuilder(template).append(COLON);
        key.chars().limit(LONGEST_SHOWN).forEach(c -> name.append(shown((char) c)));
        return name.append('-')
                .append(HexFormat.of().formatHex(hash(key), 0, HASH_BYTES))
                .toString();
    }

    private static boolean isShownAsItIs(String key) {
        return !key.isEmpty()
                && key.length() <= LONGEST_SHOWN
                && key.chars().allMatch(c -> shown((char) c) == c)
                && !endsLikeAHash(key);
    }

    /** Such a key gets its hash too, so that nobody can name a key like another's breaker. */
    private static boolean endsLikeAHash(String key) {
        int dash = key.length() - 2 * HASH_BYTES - 1;
        return dash >= 0
                && key.charAt(dash) == '-'
                && key.chars().skip(dash + 1).allMatch(HexFormat::isHexDigit);
    }

    private static char shown(char c) {
        if (c >= 'A' && c <= 'Z') {
            return (char) (c - 'A' + 'a');
        }
        boolean isPlain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
        return isPlain ? c : '-';
    }

    /** Of the characters as they are: an encoding would make one of all that it does not know. */
    private static byte[] hash(String key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] block = new byte[8192];
            for (int at = 0; at < key.length(); ) {
                int length = 0;
                while (length < block.length && at < key.length()) {
                    char c = key.charAt(at++);
                    block[length++] = (byte) (c >>> 8);
                    block[length++] = (byte) c;
                }
                digest.update(block, 0, length);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

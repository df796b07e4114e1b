package io.tradingbreaker;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Breakers for single keys, such as the endpoints of a node, which are made on demand after a template: an ordinary
 * breaker, with whose present configuration, mode and parent each begins. Obtained once with
 * {@link BreakerRegistry#keyed} and kept.
 *
 * <p>A key's breaker is called like the template, with a colon and the key behind it: {@code node:fra1.example.com}. Of a
 * key that is longer than 40 characters, or has others than lower-case letters, digits, dots, underscores and dashes, the
 * name shows what can be shown, and a hash. {@link BreakerRegistry#find} finds it, {@link BreakerRegistry#breakers}
 * lists it, and operators' calls for all breakers cover it. The template is not above the keys' breakers: to halt it
 * alone halts none of them. To pause them together, give the template a parent and halt that.
 * Limits are different: to {@linkplain TradingBreaker#retune retune} the template retunes them too; each can also be retuned
 * by itself.
 *
 * <p>There are at most {@link KeyPolicy#maxKeys}. A breaker that is CLOSED and has had no call for
 * {@link KeyPolicy#idleTimeout} is evicted, with its figures; one that is paused, was so lately, has a call or a watched
 * stream, or of which an operator has said something that it would forget, is not. Whoever still refers to an evicted
 * breaker may use it as before: calls and operators' calls go to the key's present breaker, which is made anew if need be, and its
 * views show that one, or what it was. An operator's call that finds no room for one ends with a
 * {@link BreakerConflictException}.
 *
 * <p>Keys may come from outside: nothing is kept of one that has no breaker, and little of one that has. Thread-safe.
 */
public interface KeyedBreakers {

    /**
     * The breaker of that key, which is made if there is room for it; else what {@link KeyPolicy#whenFull} says. Ask for
     * each call. For a key that has one, of at most 256 characters, this is a look-up without lock or allocation.
     *
     * @param key null or blank: the template itself
     */
    TradingBreaker of(@Nullable String key);

    /** The breaker that the others are made after. */
    TradingBreaker template();

    /** The keys' breakers that there are now, without the template. */
    Collection<TradingBreaker> breakers();

    /** Whether a breaker of that name is a single key's. */
    static boolean isKeyed(String breaker) {
        return KeyName.isKeyed(breaker);
    }

    /** The name of the template of a single key's breaker; another breaker's name as it is. */
    static String templateOf(String breaker) {
        return KeyName.template(breaker);
    }
}

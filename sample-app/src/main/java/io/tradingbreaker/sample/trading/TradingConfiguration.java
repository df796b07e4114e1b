package io.tradingbreaker.sample.trading;

import io.tradingbreaker.Transition;
import io.tradingbreaker.sample.execution.Trader;
import io.tradingbreaker.sample.execution.Transactions;
import io.tradingbreaker.sample.jupiter.QuoteService;
import io.tradingbreaker.sample.solana.Token;
import io.tradingbreaker.spring.aop.PositionView;
import io.tradingbreaker.spring.desk.PauseHook;
import java.math.BigDecimal;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The desk and who trades at it. */
@Configuration(proxyBeanMethods = false)
class TradingConfiguration {

    @Bean
    Portfolio portfolio(TraderProperties properties) {
        return new Portfolio(Token.USDC.units(properties.cash()));
    }

    /** What is sold while trading is paused must be there. */
    @Bean
    PositionView positions(Portfolio portfolio) {
        return (breaker, mint) -> Token.ofMint(mint)
                .filter(Token.TRADED::contains)
                .map(token -> BigDecimal.valueOf(portfolio.held(token)))
                .orElse(null);
    }

    /** Entries must not be filled once nobody watches the market for them; what protects a position stays. */
    @Bean
    PauseHook cancelRestingEntries(TradingDesk desk) {
        return new PauseHook() {

            @Override
            public void onPause(Transition transition) throws InterruptedException {
                desk.cancelEntries();
            }

            @Override
            public boolean supports(String breaker) {
                return breaker.equals("node");
            }
        };
    }

    @Bean
    TradingDesk tradingDesk(QuoteService quotes, Transactions transactions, Trader trader, Portfolio portfolio) {
        return new TradingDesk(quotes, transactions, trader, portfolio);
    }

    @Bean
    TradingBot tradingBot(
            TraderProperties properties, QuoteService quotes, Trader trader, TradingDesk desk, Portfolio portfolio) {
        return new TradingBot(properties, quotes, trader, desk, portfolio);
    }
}

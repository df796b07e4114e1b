package io.tradingbreaker.sample.trading;

import io.tradingbreaker.sample.execution.Trader;
import io.tradingbreaker.sample.execution.Transactions;
import io.tradingbreaker.sample.jupiter.QuoteService;
import io.tradingbreaker.sample.solana.Token;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The desk and who trades at it. */
@Configuration(proxyBeanMethods = false)
class TradingConfiguration {

    @Bean
    Portfolio portfolio(TraderProperties properties) {
        return new Portfolio(Token.USDC.units(properties.cash()));
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

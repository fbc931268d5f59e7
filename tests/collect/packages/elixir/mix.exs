defmodule Shop.MixProject do
  use Mix.Project

  def project do
    [app: :shop, version: "0.1.0", deps: deps()]
  end

  defp deps do
    [
      {:plug, "~> 1.11"},
      {:jason, "~> 1.3", only: [:dev, :prod]},
      # {:mime, "~> 1.0"},
      {:bypass, "~> 2.1", only: :test},
      {:renamed, "~> 0.1", hex: :other_name, only: [:dev, :test], runtime: false}
    ]
  end
end

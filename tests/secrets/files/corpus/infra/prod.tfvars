region      = "eu-central-1"
db_user     = "shop"
db_password = "schwerer-Koffer-9"
tags = {
  team = "shop"
}
api = { token = "nie-ein-echtes-Token-5" }
other_password = var.other

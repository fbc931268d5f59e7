resource "x" "y" {
  password = "roter-Fuchs-1"
}
provider "aws" { secret_key = "roter-Fuchs-2" }
variable "db_password" {
  default = "roter-Fuchs-3"
}
